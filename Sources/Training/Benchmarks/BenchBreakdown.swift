import Graphs
import Metrics

/// Where the time of a step goes.
struct BenchBreakdown {
    /// Seconds and allocations by step.
    struct Samples {
        var data: [Double] = []
        var instructions: [[Double]]
        var allocations: [[Double]]

        init(instructionCount: Int) {
            instructions = Array(repeating: [], count: instructionCount)
            allocations = instructions
        }
    }

    private let instructions: [Instruction]
    /// The medians of each instruction, parallel to `instructions`.
    private let seconds: [Double]
    private let allocations: [Double]
    private let data: BenchResult.Share

    /// The kind under which the writing of the batch is counted.
    private static let dataKind = "data"
    private static let slowestCount = 40

    /// - Parameter plans: those of a step, in order.
    init(plans: [Plan], samples: Samples) {
        instructions = plans.flatMap(\.instructions)
        seconds = samples.instructions.map { Quantiles($0).median }
        allocations = samples.allocations.map { Quantiles($0).median }
        data = BenchResult.Share(
            kind: Self.dataKind, seconds: Quantiles(samples.data).median, multiplyAdds: 0,
            byteCount: plans.flatMap(\.inputs).reduce(0) { $0 + $1.region.byteCount })
    }

    /// By kind, in the order of the enum, those that take no time left out.
    var shares: [BenchResult.Share] {
        Graphs.Operation.Kind.allCases.compactMap { kind in
            let members = instructions.indices.filter { instructions[$0].operation.kind == kind }
            guard !members.isEmpty else { return nil }
            return BenchResult.Share(
                kind: kind.rawValue, seconds: members.reduce(0) { $0 + seconds[$1] },
                multiplyAdds: members.reduce(0) { $0 + instructions[$1].multiplyAdds },
                byteCount: members.reduce(0) { $0 + instructions[$1].byteCount })
        } + [data]
    }

    /// The instructions that allocate, by what runs them.
    var allocators: [BenchResult.Allocator] {
        struct Key: Hashable {
            let operation: String
            let implementation: String?
        }
        let allocating = instructions.indices.filter { allocations[$0] > 0 }
        let groups = Dictionary(grouping: allocating) {
            Key(
                operation: instructions[$0].operation.rule.name,
                implementation: instructions[$0].implementation)
        }
        return groups.map { key, members in
            BenchResult.Allocator(
                operation: key.operation, implementation: key.implementation,
                instructionCount: members.count,
                allocations: members.reduce(0) { $0 + allocations[$1] })
        }.sorted { ($0.allocations, $1.operation) > ($1.allocations, $0.operation) }
    }

    var slowest: [BenchResult.Slow] {
        instructions.indices.sorted { seconds[$0] > seconds[$1] }.prefix(Self.slowestCount).map {
            index in
            let instruction = instructions[index]
            return BenchResult.Slow(
                scope: instruction.scope, operation: instruction.operation.rule.name,
                implementation: instruction.implementation,
                seconds: seconds[index], multiplyAdds: instruction.multiplyAdds)
        }
    }
}

extension Instruction {
    /// Of the operation as it is defined, whatever algorithm computes it.
    var multiplyAdds: Int {
        operation.rule.multiplyAdds(operands: operands.map(\.spec), results: results.map(\.spec))
    }

    fileprivate var byteCount: Int { (operands + results).reduce(0) { $0 + $1.byteCount } }
}

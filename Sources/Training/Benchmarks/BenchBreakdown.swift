import Graphs
import Metrics

/// Where the time of a step goes.
struct BenchBreakdown {
    /// Seconds by step.
    struct Samples {
        var data: [Double] = []
        var instructions: [[Double]]

        init(instructionCount: Int) {
            instructions = Array(repeating: [], count: instructionCount)
        }
    }

    private let instructions: [Instruction]
    /// The median of each instruction, parallel to `instructions`.
    private let seconds: [Double]
    private let data: BenchResult.Share

    /// The kind under which the writing of the batch is counted.
    private static let dataKind = "data"
    private static let slowestCount = 40

    /// - Parameter plans: those of a step, in order.
    init(plans: [Plan], samples: Samples) {
        instructions = plans.flatMap(\.instructions)
        seconds = samples.instructions.map { Quantiles($0).median }
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

import Datasets
import Foundation
public import Graphs
import Specifications
import Tensors

/// Measures training steps on random images that are in memory already.
///
/// Nothing else than the engine is timed: no loader, no augmentation, no evaluation. Seeds do not
/// matter to speed, so a sweep is measured once per cell.
public struct Bench<Engine: Backend & ~Copyable>: ~Copyable {
    private let request: BenchRequest
    private let program: TrainingProgram
    private let executor: Executor<Engine>
    private let ports: StepPorts
    /// How often the process has asked for memory so far.
    private let allocationCount: () -> UInt64

    /// Steps that are run before anything is measured.
    private static var warmUpSteps: Int { 2 }
    private static var leastSteps: Int { 5 }

    public static func make(
        _ request: BenchRequest, target: any Target, engine: consuming Engine,
        allocationCount: @escaping () -> UInt64
    ) throws -> Bench {
        let specification = request.job.specification
        let facts = specification.dataset.name.facts
        let program = try TrainingProgram(
            NetworkGraphs(specification, classCount: facts.classCount), image: facts.imageShape,
            testCount: 0, target: target)
        let executor = try Executor.make(plans: program.plans, on: engine)
        for variable in program.trainingGraph.variables {
            try executor.load(variable.initialTensor(seed: specification.seed), into: variable)
        }
        return Bench(
            request: request, program: program, executor: executor,
            ports: try StepPorts(program.training), allocationCount: allocationCount)
    }

    private init(
        request: BenchRequest, program: TrainingProgram, executor: consuming Executor<Engine>,
        ports: StepPorts, allocationCount: @escaping () -> UInt64
    ) {
        self.request = request
        self.program = program
        self.executor = executor
        self.ports = ports
        self.allocationCount = allocationCount
    }

    /// Runs whole steps for the time given, then a few with a clock at every instruction.
    public func measure(machine: [String: String]) throws -> BenchResult {
        let (images, labels) = randomBatch()
        for _ in 0..<Self.warmUpSteps { try step(images, labels) }
        let faults = ProcessMemory.pageFaults
        let allocations = allocationCount()
        let seconds = try wholeSteps(images, labels)
        let count = Double(seconds.count)
        let faultsPerStep = Double(ProcessMemory.pageFaults - faults) / count
        let allocationsPerStep = Double(allocationCount() - allocations) / count
        let times = try timedInstructions(images, labels)
        let sorted = seconds.sorted()
        let median = Self.quantile(0.5, of: sorted)
        return BenchResult(
            imagesPerSecond: Double(request.job.specification.batchSize) / median,
            stepSeconds: .init(
                median: median, p10: Self.quantile(0.1, of: sorted),
                p90: Self.quantile(0.9, of: sorted), count: seconds.count),
            peakResidentBytes: ProcessMemory.peakResidentBytes,
            arenaBytes: program.arenaByteCount, pageFaultsPerStep: faultsPerStep,
            allocationsPerStep: allocationsPerStep,
            updateSeconds: total(times, of: .update), breakdown: breakdown(times),
            slowest: slowest(times), machine: machine)
    }

    private func randomBatch() -> (images: HostTensor, labels: HostTensor) {
        var random = CounterRandom(seed: 0, stream: .test)
        let spec = ports.images.spec
        let images = HostTensor(
            (0..<spec.shape.count).map { _ in Float(random.uniform() - 0.5) }, shape: spec.shape)
        let classCount = request.job.specification.dataset.name.facts.classCount
        let labels = HostTensor(
            (0..<spec.shape[0]).map { Int64($0 % classCount) }, shape: [spec.shape[0]])
        return (images.converted(to: spec.scalarType), labels)
    }

    private func write(_ images: HostTensor, _ labels: HostTensor) throws {
        try images.bytes.withUnsafeBytes { try executor.write($0, to: ports.images) }
        try labels.bytes.withUnsafeBytes { try executor.write($0, to: ports.labels) }
        // A rate small enough that random labels do not make the weights explode.
        try executor.write(1e-4, to: ports.learningRate)
        try executor.write(1, to: ports.step)
    }

    private func step(_ images: HostTensor, _ labels: HostTensor) throws {
        try write(images, labels)
        try executor.run(plan: 0)
    }

    private func wholeSteps(_ images: HostTensor, _ labels: HostTensor) throws -> [Double] {
        var seconds: [Double] = []
        seconds.reserveCapacity(100_000)
        let stopwatch = Stopwatch()
        while seconds.count < Self.leastSteps || stopwatch.seconds < request.seconds {
            let watch = Stopwatch()
            try step(images, labels)
            seconds.append(watch.seconds)
        }
        return seconds
    }

    /// Seconds of each instruction, the median over a few steps.
    private func timedInstructions(_ images: HostTensor, _ labels: HostTensor) throws -> [Double] {
        let repetitions = Self.leastSteps
        var samples = Array(
            repeating: [Double](), count: program.training.instructions.count)
        for _ in 0..<repetitions {
            try write(images, labels)
            var watch = Stopwatch()
            try executor.run(plan: 0) { index, isOver in
                if isOver { samples[index].append(watch.seconds) } else { watch = Stopwatch() }
            }
        }
        return samples.map { Self.quantile(0.5, of: $0.sorted()) }
    }

    // MARK: - Summing up

    private func total(_ times: [Double], of kind: Graphs.Operation.Kind) -> Double {
        zip(program.training.instructions, times).reduce(0) {
            $1.0.operation.kind == kind ? $0 + $1.1 : $0
        }
    }

    private func breakdown(_ times: [Double]) -> [BenchResult.Share] {
        let whole = times.reduce(0, +)
        return Graphs.Operation.Kind.allCases.compactMap { kind in
            let seconds = total(times, of: kind)
            guard seconds > 0 else { return nil }
            let work = program.training.instructions.filter { $0.operation.kind == kind }
                .reduce(0) { sum, instruction in
                    sum
                        + instruction.operation.rule.multiplyAdds(
                            operands: instruction.operands.map(\.spec),
                            results: instruction.results.map(\.spec))
                }
            return BenchResult.Share(
                kind: kind.rawValue, seconds: seconds, share: seconds / whole,
                gigaflopsPerSecond: work > 0 ? 2e-9 * Double(work) / seconds : nil)
        }
    }

    private func slowest(_ times: [Double]) -> [BenchResult.Slow] {
        let pairs = zip(program.training.instructions, times).sorted { $0.1 > $1.1 }
        return pairs.prefix(20).map { instruction, seconds in
            BenchResult.Slow(
                scope: instruction.scope, operation: instruction.operation.rule.name,
                seconds: seconds)
        }
    }

    /// Linear interpolation between neighbours of sorted numbers.
    private static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        guard let last = sorted.last else { return .nan }
        let position = share * Double(sorted.count - 1)
        let lower = Int(position)
        guard lower + 1 < sorted.count else { return last }
        return sorted[lower] + (position - Double(lower)) * (sorted[lower + 1] - sorted[lower])
    }
}

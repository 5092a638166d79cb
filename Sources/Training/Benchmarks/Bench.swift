import Datasets
import Foundation
public import Graphs
import Specifications
import Tensors

/// Measures steps of one plan on random images that are in memory already.
///
/// Nothing else than the engine is timed: no loader, no augmentation.
public struct Bench<Engine: Backend & ~Copyable>: ~Copyable {
    private let request: BenchRequest
    private let plan: Plan
    private let executor: Executor<Engine>
    private let ports: BenchPorts
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
        let graphs = NetworkGraphs(specification, classCount: facts.classCount)
        let images = Shape([specification.batchSize] + facts.imageShape.dimensions)
        let graph =
            switch request.workload {
            case .training: try graphs.training(images: images)
            case .evaluation: try graphs.evaluation(images: images)
            }
        // On a GPU the images lie in its own memory, where a peer has them too.
        let options = PlanOptions(keepsInputs: request.job.backend.usesGPU)
        let plan = try Planner(target: target, options: options).plan(graph)
        let executor = try Executor.make(plans: [plan], on: engine)
        try executor.initialize(graph, seed: specification.seed)
        return Bench(
            request: request, plan: plan, executor: executor, ports: try BenchPorts(plan),
            allocationCount: allocationCount)
    }

    private init(
        request: BenchRequest, plan: Plan, executor: consuming Executor<Engine>,
        ports: BenchPorts, allocationCount: @escaping () -> UInt64
    ) {
        self.request = request
        self.plan = plan
        self.executor = executor
        self.ports = ports
        self.allocationCount = allocationCount
    }

    /// Runs whole steps for the time given, then a few with a clock at every instruction.
    public func measure(machine: [String: String]) throws -> BenchResult {
        let batch = randomBatch()
        try write(batch)
        let startSeconds = ProcessClock.secondsSinceStart
        for _ in 0..<Self.warmUpSteps { try step(batch) }
        let (faults, allocations) = (ProcessMemory.pageFaults, allocationCount())
        let seconds = try wholeSteps(batch)
        let count = Double(seconds.count)
        let faultsPerStep = Double(ProcessMemory.pageFaults - faults) / count
        let allocationsPerStep = Double(allocationCount() - allocations) / count
        let breakdown = BenchBreakdown(plan: plan, samples: try timedSteps(batch))
        return BenchResult(
            batchSize: request.job.specification.batchSize, stepSeconds: seconds,
            startSeconds: startSeconds,
            peakResidentBytes: ProcessMemory.peakResidentBytes, arenaBytes: plan.arenaByteCount,
            pageFaultsPerStep: faultsPerStep, allocationsPerStep: allocationsPerStep,
            breakdown: breakdown.shares, slowest: breakdown.slowest, machine: machine)
    }

    // MARK: - Steps

    private struct Batch {
        let images: HostTensor
        let labels: HostTensor
    }

    private func randomBatch() -> Batch {
        var random = CounterRandom(seed: 0, stream: .test)
        let spec = ports.images.spec
        let images = HostTensor(
            (0..<spec.shape.count).map { _ in Float(random.uniform() - 0.5) }, shape: spec.shape)
        let classCount = request.job.specification.dataset.name.facts.classCount
        let labels = HostTensor(
            (0..<spec.shape[0]).map { Int64($0 % classCount) }, shape: [spec.shape[0]])
        return Batch(images: images.converted(to: spec.scalarType), labels: labels)
    }

    private func write(_ batch: Batch) throws {
        try batch.images.bytes.withUnsafeBytes { try executor.write($0, to: ports.images) }
        try batch.labels.bytes.withUnsafeBytes { try executor.write($0, to: ports.labels) }
        for (region, number) in ports.scalars { try executor.write(number, to: region) }
    }

    private func step(_ batch: Batch) throws {
        if !request.job.backend.usesGPU { try write(batch) }
        try executor.run(plan: 0)
    }

    private func wholeSteps(_ batch: Batch) throws -> [Double] {
        var seconds: [Double] = []
        seconds.reserveCapacity(100_000)
        let stopwatch = Stopwatch()
        while seconds.count < Self.leastSteps || stopwatch.seconds < request.seconds {
            let watch = Stopwatch()
            try step(batch)
            seconds.append(watch.seconds)
        }
        return seconds
    }

    /// Seconds of the data and of each instruction, over a few steps.
    private func timedSteps(_ batch: Batch) throws -> BenchBreakdown.Samples {
        var samples = BenchBreakdown.Samples(instructionCount: plan.instructions.count)
        for _ in 0..<Self.leastSteps {
            var watch = Stopwatch()
            try write(batch)
            samples.data.append(watch.seconds)
            try executor.run(plan: 0) { index, isOver in
                if isOver {
                    samples.instructions[index].append(watch.seconds)
                } else {
                    watch = Stopwatch()
                }
            }
        }
        return samples
    }
}

/// Where the measured plan takes its inputs.
private struct BenchPorts {
    let images: Region
    let labels: Region
    /// What a training plan wants besides, with a number for each.
    let scalars: [(Region, Double)]

    init(_ plan: Plan) throws(PlanningError) {
        images = try plan.requiredInput(NetworkGraphs.Port.images)
        labels = try plan.requiredInput(NetworkGraphs.Port.labels)
        // A rate small enough that random labels do not make the weights explode.
        scalars = [(NetworkGraphs.Port.learningRate, 1e-4), (NetworkGraphs.Port.step, 1)]
            .compactMap { name, number in plan.input(name).map { ($0, number) } }
    }
}

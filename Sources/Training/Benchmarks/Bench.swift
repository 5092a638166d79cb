import Datasets
import Foundation
public import Graphs
import Specifications
import Tensors

/// Measures whole steps, or evaluations of a batch, on random images that are in memory already.
///
/// Nothing else than the engine is timed: no loader, no augmentation.
public struct Bench<Engine: Backend & ~Copyable>: ~Copyable {
    private let request: BenchRequest
    /// What a step runs, in order.
    private let plans: [(number: Int, plan: Plan, ports: BenchPorts)]
    private let arenaByteCount: Int
    private let executor: Executor<Engine>
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
        let graphs = NetworkGraphs(specification, classCount: specification.classCount)
        // On a GPU the images lie in its own memory, where a peer has them too.
        let options = PlanOptions(keepsInputs: request.job.backend.usesGPU)
        let program = try Self.program(
            graphs, request.workload, image: specification.imageShape, target: target,
            options: options)
        let executor = try Executor.make(plans: program.plans, on: engine)
        try executor.initialize(program.graph, seed: specification.seed)
        return Bench(
            request: request,
            plans: try program.order.map { number in
                (number, program.plans[number], try BenchPorts(program.plans[number]))
            }, arenaByteCount: program.plans.map(\.arenaByteCount).max() ?? 0,
            executor: executor, allocationCount: allocationCount)
    }

    /// The plans of a workload, in which order they run, and a graph with all their variables.
    private static func program(
        _ graphs: NetworkGraphs, _ workload: BenchRequest.Workload, image: Shape,
        target: any Target, options: PlanOptions
    ) throws -> (plans: [Plan], order: [Int], graph: Graph) {
        let count = graphs.specification.batchSize
        switch workload {
        case .training:
            let program = try TrainingProgram(
                graphs, image: image, target: target, options: options)
            return (
                program.plans, program.stepPlans(batchOf: count) ?? [], program.trainingGraph
            )
        case .evaluation:
            let graph = try graphs.evaluation(images: Shape([count] + image.dimensions))
            return ([try Planner(target: target, options: options).plan(graph)], [0], graph)
        }
    }

    private init(
        request: BenchRequest, plans: [(number: Int, plan: Plan, ports: BenchPorts)],
        arenaByteCount: Int, executor: consuming Executor<Engine>,
        allocationCount: @escaping () -> UInt64
    ) {
        self.request = request
        self.plans = plans
        self.arenaByteCount = arenaByteCount
        self.executor = executor
        self.allocationCount = allocationCount
    }

    /// Runs whole steps for the time given, then a few with a clock at every instruction.
    public func measure(machine: [String: String]) throws -> BenchResult {
        let batch = randomBatch()
        for (_, _, ports) in plans { try write(batch, to: ports) }
        let startSeconds = ProcessClock.secondsSinceStart
        for _ in 0..<Self.warmUpSteps { try step(batch) }
        let (faults, allocations) = (ProcessMemory.pageFaults, allocationCount())
        let seconds = try wholeSteps(batch)
        let count = Double(seconds.count)
        let faultsPerStep = Double(ProcessMemory.pageFaults - faults) / count
        let allocationsPerStep = Double(allocationCount() - allocations) / count
        let breakdown = BenchBreakdown(
            plans: plans.map(\.plan), samples: try timedSteps(batch))
        return BenchResult(
            batchSize: request.job.specification.batchSize, stepSeconds: seconds,
            startSeconds: startSeconds,
            peakResidentBytes: ProcessMemory.peakResidentBytes, arenaBytes: arenaByteCount,
            pageFaultsPerStep: faultsPerStep, allocationsPerStep: allocationsPerStep,
            allocators: breakdown.allocators, breakdown: breakdown.shares,
            slowest: breakdown.slowest, machine: machine)
    }

    // MARK: - Steps

    private struct Batch {
        let images: HostTensor
        let labels: HostTensor
    }

    /// As many images as one plan takes.
    private func randomBatch() -> Batch {
        var random = CounterRandom(seed: 0, stream: .test)
        let spec = plans[0].ports.images.spec
        let images = HostTensor(
            (0..<spec.shape.count).map { _ in Float(random.uniform() - 0.5) }, shape: spec.shape)
        let classCount = request.job.specification.classCount
        let labels = HostTensor(
            (0..<spec.shape[0]).map { Int64($0 % classCount) }, shape: [spec.shape[0]])
        return Batch(images: images.converted(to: spec.scalarType), labels: labels)
    }

    private func write(_ batch: Batch, to ports: BenchPorts) throws {
        try batch.images.bytes.withUnsafeBytes { try executor.write($0, to: ports.images) }
        try batch.labels.bytes.withUnsafeBytes { try executor.write($0, to: ports.labels) }
        for (region, number) in ports.scalars { try executor.write(number, to: region) }
    }

    private func step(_ batch: Batch) throws {
        for (number, _, ports) in plans {
            if !request.job.backend.usesGPU { try write(batch, to: ports) }
            try executor.run(plan: number)
        }
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

    /// Seconds of the data, seconds and allocations of each instruction, over a few steps.
    private func timedSteps(_ batch: Batch) throws -> BenchBreakdown.Samples {
        var samples = BenchBreakdown.Samples(
            instructionCount: plans.reduce(0) { $0 + $1.plan.instructions.count })
        for _ in 0..<Self.leastSteps {
            var (first, dataSeconds) = (0, 0.0)
            for (number, plan, ports) in plans {
                var (watch, allocated) = (Stopwatch(), allocationCount())
                try write(batch, to: ports)
                dataSeconds += watch.seconds
                try executor.run(plan: number) { index, isOver in
                    if isOver {
                        let (seconds, count) = (watch.seconds, allocationCount() - allocated)
                        samples.instructions[first + index].append(seconds)
                        samples.allocations[first + index].append(Double(count))
                    } else {
                        (watch, allocated) = (Stopwatch(), allocationCount())
                    }
                }
                first += plan.instructions.count
            }
            samples.data.append(dataSeconds)
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
        scalars = [
            (NetworkGraphs.Port.learningRate, 1e-4), (NetworkGraphs.Port.step, 1),
        ]
        .compactMap { name, number in plan.input(name).map { ($0, number) } }
    }
}

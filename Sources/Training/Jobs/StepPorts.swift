import Graphs
import Optimizers
import Tensors

/// Where a training plan takes its inputs and leaves its outputs.
struct StepPorts {
    let images: Region
    let labels: Region
    /// nil in a plan that does not update.
    let learningRate: Region?
    let step: Region?
    /// nil where nothing is dropped.
    let dropoutKey: Region?
    let loss: Region
    let top1: Region
    /// The removed and the whole gradient energy; nil where nothing is centralized.
    let energy: Region?

    init(_ plan: Plan) throws(PlanningError) {
        images = try plan.requiredInput(NetworkGraphs.Port.images)
        labels = try plan.requiredInput(NetworkGraphs.Port.labels)
        learningRate = plan.input(NetworkGraphs.Port.learningRate)
        step = plan.input(NetworkGraphs.Port.step)
        dropoutKey = plan.input(NetworkGraphs.Port.dropoutKey)
        loss = try plan.requiredOutput(NetworkGraphs.Port.loss)
        top1 = try plan.requiredOutput(NetworkGraphs.Port.top1)
        energy = plan.output(Recipe.energyOutput)
    }
}

/// Where an evaluation plan takes its inputs and leaves its outputs.
struct EvaluationPorts {
    let images: Region
    let labels: Region
    let loss: Region
    let top1: Region
    let top5: Region?
    /// `[N, classes]`.
    let scores: Region

    init(_ plan: Plan) throws(PlanningError) {
        images = try plan.requiredInput(NetworkGraphs.Port.images)
        labels = try plan.requiredInput(NetworkGraphs.Port.labels)
        loss = try plan.requiredOutput(NetworkGraphs.Port.loss)
        top1 = try plan.requiredOutput(NetworkGraphs.Port.top1)
        top5 = plan.output(NetworkGraphs.Port.top5)
        scores = try plan.requiredOutput(NetworkGraphs.Port.scores)
    }
}

extension Plan {
    func requiredInput(_ name: String) throws(PlanningError) -> Region {
        guard let region = input(name) else {
            throw PlanningError(scope: name, "the plan has no such input")
        }
        return region
    }

    func requiredOutput(_ name: String) throws(PlanningError) -> Region {
        guard let region = output(name) else {
            throw PlanningError(scope: name, "the plan has no such output")
        }
        return region
    }
}

extension Executor where Engine: ~Copyable {
    /// Writes what the step with this number depends on besides its batch: the same after a
    /// resumption as without one.
    ///
    /// - Parameters:
    ///   - updates: what the optimizer's state has seen.
    ///   - microBatch: the number of micro-batches before this one in the whole run.
    func write(
        _ updates: Int, microBatch: Int, rate: Double, seed: Int, to ports: StepPorts
    ) throws(BackendError) {
        if let port = ports.learningRate { try write(rate, to: port) }
        if let port = ports.step { try write(Double(updates), to: port) }
        guard let key = ports.dropoutKey else { return }
        var random = CounterRandom(
            seed: UInt64(bitPattern: Int64(seed)), stream: .dropout, index: microBatch)
        try write(Int64(bitPattern: random.next()), to: key)
    }
}

import Graphs
import Optimizers

/// Where a training plan takes its inputs and leaves its outputs.
struct StepPorts {
    let images: Region
    let labels: Region
    /// The number of micro-batches before; nil where nothing is drawn.
    let microBatch: Region?
    /// nil in a plan that does not update.
    let learningRate: Region?
    let step: Region?
    let loss: Region
    let top1: Region
    /// The removed and the whole gradient energy; nil where nothing is centralized.
    let energy: Region?

    init(_ plan: Plan) throws(PlanningError) {
        images = try plan.requiredInput(NetworkGraphs.Port.images)
        labels = try plan.requiredInput(NetworkGraphs.Port.labels)
        microBatch = plan.input(NetworkGraphs.Port.microBatch)
        learningRate = plan.input(NetworkGraphs.Port.learningRate)
        step = plan.input(NetworkGraphs.Port.step)
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

    init(_ plan: Plan) throws(PlanningError) {
        images = try plan.requiredInput(NetworkGraphs.Port.images)
        labels = try plan.requiredInput(NetworkGraphs.Port.labels)
        loss = try plan.requiredOutput(NetworkGraphs.Port.loss)
        top1 = try plan.requiredOutput(NetworkGraphs.Port.top1)
        top5 = plan.output(NetworkGraphs.Port.top5)
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

import Datasets
public import Graphs
import Optimizers
public import Specifications
import Tensors

/// Plans jobs without their data: what they hold, compute and need.
public struct Survey {
    private let target: any Target
    private var known: [JobSpecification: JobSurvey] = [:]

    public init(target: any Target) { self.target = target }

    /// What planning tells of `specification`; jobs that differ only in what no plan depends on
    /// are planned once.
    public mutating func callAsFunction(_ specification: JobSpecification) -> JobSurvey {
        let key = specification.planKey
        if let survey = known[key] { return survey }
        let survey: JobSurvey
        do {
            survey = try plan(key)
        } catch {
            survey = JobSurvey(
                parameters: 0, multiplyAdds: 0, arenaByteCount: 0, problem: "\(error)")
        }
        known[key] = survey
        return survey
    }

    private func plan(_ specification: JobSpecification) throws -> JobSurvey {
        let (image, classCount) = (specification.imageShape, specification.classCount)
        let graphs = NetworkGraphs(specification, classCount: classCount)
        let program = try TrainingProgram(
            graphs, image: image, counts: specification.declaredCounts, target: target)
        let single = try graphs.forward(images: Shape([1] + image.dimensions))
        let multiplyAdds = single.nodes.reduce(0) { sum, node in
            sum
                + node.operation.rule.multiplyAdds(
                    operands: node.operands.map(\.spec), results: node.results.map(\.spec))
        }
        return JobSurvey(
            parameters: specification.optimizers.parameterCount(of: program.trainingGraph),
            multiplyAdds: multiplyAdds,
            arenaByteCount: program.arenaByteCount)
    }
}

extension JobSpecification {
    /// The images that the data set is declared to have, validation images taken out.
    public var declaredCounts: TrainingProgram.Counts {
        let facts = dataset.name.facts
        let held = validation.count
        return TrainingProgram.Counts(
            training: max(0, (dataset.trainCount ?? facts.trainingCount) - held),
            evaluated: [dataset.testCount ?? facts.testCount, held].filter { $0 > 0 })
    }

    /// Steps of an epoch on so many images.
    public var declaredStepsPerEpoch: Int {
        max(1, stepsPerEpoch(of: dataset.trainCount ?? dataset.name.facts.trainingCount))
    }

    /// Equal for jobs that have the same plans: what no plan depends on is set to a fixed value.
    public var planKey: JobSpecification {
        with {
            $0.table = nil
            $0.label = nil
            $0.seed = 0
            $0.epochs = 1
            $0.optimizer = optimizer.shape
            $0.schedule = Schedule(.constant)
            $0.labelSmoothing = 0
            $0.pretrained = nil
        }
    }
}

import Graphs
import ReferenceBackend
import Specifications
import Tensors
import Training

/// Training on the reference backend, in the precision of the job.
enum Reference {
    static func run(_ request: TrainRequest, data: TrainingData, support: RunSupport) throws {
        let checkpoint = support.checkpoint
        if request.job.specification.precision == .float64 {
            try TrainingJob.make(
                request, data: data, target: ReferenceTarget(), engine: ReferenceBackend<Double>(),
                from: checkpoint
            ).run(support)
        } else {
            try TrainingJob.make(
                request, data: data, target: ReferenceTarget(), engine: ReferenceBackend<Float>(),
                from: checkpoint
            ).run(support)
        }
    }
}

import Graphs
import ReferenceBackend
import Specifications
import Tensors
import Training

/// Training on the reference backend, in the precision of the job.
enum Reference {
    static func run(
        _ request: TrainRequest, data: TrainingData, report: (TrainingEvent) -> Void
    ) throws {
        if request.specification.precision == .float64 {
            try TrainingJob.make(
                request, data: data, target: ReferenceTarget(), engine: ReferenceBackend<Double>()
            ).run(report: report)
        } else {
            try TrainingJob.make(
                request, data: data, target: ReferenceTarget(), engine: ReferenceBackend<Float>()
            ).run(report: report)
        }
    }
}

import Graphs
import Specifications
import Tensors
import Weights

/// The tensors of a file that a job starts from.
struct PretrainedStart {
    let tensors: [String: HostTensor]
    /// What was taken from where, for a person.
    let description: String

    /// - Throws: ``WeightsError``, ``MisfittingWeights``, or ``ChangedWeights`` where the file is
    ///   another than when the job was named after it.
    init(_ request: PretrainedRequest, for job: JobSpecification, graph: Graph) throws {
        let file = try WeightsFile(path: request.path)
        guard file.digest == request.digest else { throw ChangedWeights(path: request.path) }
        let fit: WeightsFit
        do {
            fit = try WeightsFit(of: file.shapes, to: graph, classifier: job.classifierRule)
        } catch {
            throw MisfittingWeights(path: request.path, mismatch: error)
        }
        tensors = fit.tensors(of: file)
        description =
            "weights \(file.digest.prefix(12)) of \(request.path)"
            + (fit.newLayers.isEmpty ? "" : ", but a new " + fit.newLayers.joined(separator: ", "))
    }
}

/// Weights that were replaced while a job waited for its turn.
struct ChangedWeights: Error, CustomStringConvertible {
    let path: String

    var description: String {
        "\(path): holds other weights than when this run began; run the same command again"
    }
}

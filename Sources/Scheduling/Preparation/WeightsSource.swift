import Datasets
import Models
import Specifications
import Tensors
import Training
import Weights

/// A file of weights that jobs start from: where it lies and what it is known by. The numbers
/// themselves are left to the workers.
struct WeightsSource: Hashable, Sendable {
    let path: String
    let digest: String
    private let shapes: [String: Shape]

    /// - Throws: ``WeightsError``.
    init(path: String) throws(WeightsError) {
        let file = try WeightsFile(path: path)
        self.path = path
        digest = file.digest
        shapes = file.shapes
    }

    var request: PretrainedRequest { PretrainedRequest(path: path, digest: digest) }

    /// - Throws: ``OtherWeights`` where the spec asks for weights of another digest.
    func check(_ pretrained: PretrainedWeights) throws(OtherWeights) {
        guard let expected = pretrained.digest, !digest.hasPrefix(expected) else { return }
        throw OtherWeights(path: path, digest: digest, expected: expected)
    }

    /// - Throws: ``MisfittingWeights`` where the job's network has other tensors.
    func check(fit job: JobSpecification) throws {
        let facts = job.dataset.name.facts
        let graph = try NetworkGraphs(job, classCount: facts.classCount)
            .forward(images: Shape([1] + facts.imageShape.dimensions))
        do {
            _ = try WeightsFit(of: shapes, to: graph, classifier: job.classifierRule)
        } catch {
            throw MisfittingWeights(path: path, mismatch: error)
        }
    }
}

/// Weights that are not the ones that the spec names by their digest.
struct OtherWeights: Error, CustomStringConvertible {
    let path: String
    let digest: String
    let expected: String

    var description: String {
        "\(path): the weights' digest is \(digest), and the spec's `pretrained` wants one that "
            + "starts with \(expected)"
    }
}

/// Weights that a job starts from and nobody has given.
struct MissingWeights: Error, CustomStringConvertible {
    let description: String

    init(_ pretrained: PretrainedWeights, of job: JobSpecification, spec: String, why: String) {
        let name = job.backbone.rawValue
        description = """
            \(spec): error: `pretrained: \(pretrained.path)`: \(why). It names the weights of a \
            \(name) to start from, as safetensors or a PyTorch .pth\(job.backbone.source). Give \
            the file with --weights \(name)=PATH; `--smoke` tries the whole path without it.
            """
    }
}

extension Backbone {
    /// How to get a file of the published weights, where there are some under the same names.
    fileprivate var source: String {
        guard Self.published.contains(self) else { return "" }
        return """
            ; torchvision writes such a file: python3 -c "import torch, torchvision; \
            torch.save(torchvision.models.\(rawValue)(weights='IMAGENET1K_V1').state_dict(), \
            '\(rawValue).pth')"
            """
    }

    private static let published: Set<Backbone> = [.resnet18, .resnet34, .resnet50, .resnet101]
}

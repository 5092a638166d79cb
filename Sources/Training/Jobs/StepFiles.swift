import Tensors

/// A batch that does not fit.
public struct StepFileError: Error, Hashable, CustomStringConvertible {
    public let path: String
    public let problem: String

    public var description: String { "\(path): \(problem)" }
}

/// The fixed batch of ``StepJob``: `images` float32 or float64 `[N, C, H, W]`, already normalized,
/// and `labels` int64 `[N]`.
struct StepBatch {
    let images: HostTensor
    let labels: HostTensor

    init(path: String, classCount: Int) throws {
        let tensors = try Safetensors.read(path)
        func tensor(_ name: String, _ expected: String) throws -> HostTensor {
            guard let tensor = tensors[name] else {
                let present = tensors.keys.sorted().joined(separator: ", ")
                throw StepFileError(
                    path: path, problem: "has no tensor '\(name)' (\(expected)), only \(present)")
            }
            return tensor
        }
        images = try tensor("images", "float32 or float64 [N, C, H, W]")
        labels = try tensor("labels", "int64 [N]")
        let isImage = images.scalarType == .float32 || images.scalarType == .float64
        guard isImage, images.shape.rank == 4, images.shape.count > 0, images.shape[1] == 3 else {
            throw StepFileError(
                path: path,
                problem: "'images' is \(images.spec), not float32 or float64 [N, 3, H, W]")
        }
        guard labels.spec == TensorSpec([images.shape[0]], .int64) else {
            throw StepFileError(
                path: path, problem: "'labels' is \(labels.spec), not int64[\(images.shape[0])]")
        }
        if let wrong = labels.values(as: Int64.self).first(where: { $0 < 0 || $0 >= classCount }) {
            throw StepFileError(
                path: path,
                problem: "a label is \(wrong), but the data set has \(classCount) classes")
        }
    }
}

package import Pickles
package import Tensors

/// A file of weights that cannot be read.
public struct WeightsError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    package let problem: WeightsProblem

    public var description: String { "\(path): \(problem)" }
}

/// What is wrong with a file of weights.
package enum WeightsProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(String)
    case otherFormat(String, advice: String)
    case safetensors(SafetensorsError.Problem)
    /// The ZIP archive is damaged or is none that PyTorch writes.
    case archive(String, at: Int)
    case pickle(PickleError)
    /// The file is whole and holds something else than the weights of a network.
    case content(String)

    package var description: String {
        switch self {
        case .unreadable(let reason): "cannot be read: \(reason)"
        case .otherFormat(let name, let advice):
            "is \(name); safetensors and PyTorch's .pth are read: \(advice)"
        case .safetensors(let problem): "\(problem)"
        case .archive(let problem, let offset): "byte \(offset): \(problem)"
        case .pickle(let error): "\(error)\(Self.advice(for: error))"
        case .content(let problem): problem
        }
    }

    /// What is refused by name was often saved with good intentions.
    private static func advice(for error: PickleError) -> String {
        switch error.reason {
        case .forbiddenName, .forbiddenCall, .forbiddenOpcode:
            " Nothing of it was run. Save the weights alone: "
                + "torch.save(model.state_dict(), FILE), or safetensors."
        case .truncated, .trailingBytes, .malformed, .limitExceeded: ""
        }
    }
}

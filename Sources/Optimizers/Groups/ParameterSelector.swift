import Graphs

/// Names parameters by what they are for, or by where they are.
public enum ParameterSelector: Hashable, Sendable, Codable, CustomStringConvertible {
    case kind(Kind)
    /// The parameter at this path, or all below it: `layer1.0` names `layer1.0.conv1.weight`.
    case path(String)

    public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case convolution
        case dense
        case embedding
        case bias
        /// Scales and shifts.
        case normalization
        /// The last dense layer, which makes the scores.
        case head
        /// Everything else.
        case backbone
    }

    public init(_ text: String) {
        self = Kind(rawValue: text).map(ParameterSelector.kind) ?? .path(text)
    }

    public var description: String {
        switch self {
        case .kind(let kind): kind.rawValue
        case .path(let path): path
        }
    }

    /// - Parameter head: the path of the layer that makes the scores.
    func names(_ variable: Variable, head: String?) -> Bool {
        guard let role = variable.parameter?.role else { return false }
        return switch self {
        case .path(let path): variable.lies(at: path)
        case .kind(.convolution): role == .convolutionKernel
        case .kind(.dense): role == .denseKernel
        case .kind(.embedding): role == .embedding
        case .kind(.bias): role == .bias
        case .kind(.normalization): role == .normalizationScale || role == .normalizationShift
        case .kind(.head): head.map(variable.lies) ?? false
        case .kind(.backbone): !(head.map(variable.lies) ?? false)
        }
    }
}

extension Variable {
    fileprivate func lies(at path: String) -> Bool {
        self.path == path || self.path.hasPrefix(path + ".")
    }
}

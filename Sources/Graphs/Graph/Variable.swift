public import Tensors

/// What a parameter is for. Centralization, decay and initialization ask for this, never for a
/// rank or an axis position.
public enum ParameterRole: String, Hashable, Sendable, Codable, CaseIterable {
    case convolutionKernel
    case denseKernel
    case bias
    case normalizationScale
    case normalizationShift
    case embedding
}

/// How a variable starts.
public enum Initializer: Hashable, Sendable, Codable {
    case constant(Double)
    /// Uniform in `-bound ..< bound`.
    case uniform(bound: Double)
    /// Uniform in 0 ..< 1.
    case unitUniform
    /// Normal with mean 0.
    case normal(standardDeviation: Double)
    /// The same, cut off at two deviations before the cut.
    case truncatedNormal(standardDeviation: Double)
}

/// A trained tensor.
public struct Parameter: Hashable, Sendable, Codable {
    public let role: ParameterRole
    /// The axis that numbers the outputs; all other axes together are the fan-in.
    public let outputAxis: Int

    public init(role: ParameterRole, outputAxis: Int = 0) {
        self.role = role
        self.outputAxis = outputAxis
    }
}

/// A tensor that outlives a step: read at its start, possibly replaced at its end.
public struct Variable: Hashable, Sendable, Codable {
    public enum Kind: Hashable, Sendable, Codable {
        case parameter(Parameter)
        /// A running mean or variance.
        case runningStatistic
        /// A moment of the parameter at `path`.
        case optimizerState(path: String)
        /// The parameter at `path` in the format that convolutions read; it changes with it.
        case weightCopy(path: String)
    }

    /// torchvision's name, such as `layer1.0.conv1.weight`; optimizer state appends its own.
    public let path: String
    public let spec: TensorSpec
    public let kind: Kind
    public let initializer: Initializer
    /// The value that stands for the variable's content at the start of a step.
    public let value: Value

    /// Whether it only repeats another variable.
    public var isCopy: Bool { if case .weightCopy = kind { true } else { false } }

    public var parameter: Parameter? {
        if case .parameter(let parameter) = kind { parameter } else { nil }
    }
}

/// Which weights are centralized, and where in the chain (the authors' names).
public enum GradientCentralizationMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// No centralization: the control arm.
    case none
    /// Convolution and dense kernels, on the gradient, after L2 decay was added.
    case gc
    /// Convolution kernels only, on the gradient, after L2 decay was added.
    case gcc
    /// Convolution and dense kernels, on the update that is applied, decay included.
    case gc2
    /// Convolution kernels only, on the update that is applied, decay included.
    case gcc2

    public var scope: CentralizationScope? {
        switch self {
        case .none: nil
        case .gc, .gc2: .convolutionAndDense
        case .gcc, .gcc2: .convolution
        }
    }

    /// The ingredient where a chain turns the gradient into a direction.
    var onGradient: GradientTransformation? {
        switch self {
        case .gc, .gcc: scope.map { .centralize($0) }
        case .none, .gc2, .gcc2: nil
        }
    }

    /// The ingredient where the direction is whole.
    var onUpdate: GradientTransformation? {
        switch self {
        case .gc2, .gcc2: scope.map { .centralize($0) }
        case .none, .gc, .gcc: nil
        }
    }

    /// What the published class names append.
    var suffix: String { self == .none ? "" : "_\(rawValue.uppercased())" }
}

/// Which weights are centralized, and where in the chain (the authors' names).
public enum GradientCentralizationMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// No centralization: the control arm.
    case none
    /// Convolution and dense kernels, on the gradient, after L2 decay was added.
    case gc
    /// Convolution kernels only, on the gradient, after L2 decay was added.
    case gcc

    public var scope: CentralizationScope? {
        switch self {
        case .none: nil
        case .gc: .convolutionAndDense
        case .gcc: .convolution
        }
    }

    /// What the published class names append.
    var suffix: String {
        switch self {
        case .none: ""
        case .gc: "_GC"
        case .gcc: "_GCC"
        }
    }
}

/// The optimizers there are.
public enum OptimizerName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Stochastic gradient descent with momentum, as in PyTorch.
    case sgd
}

/// The published class names, each of which stands for an optimizer and a mode together.
public enum PublishedOptimizerClass: String, Hashable, Sendable, Codable, CaseIterable {
    case sgdGC = "SGD_GC"
    case sgdGCC = "SGD_GCC"

    public var optimizer: OptimizerName {
        switch self {
        case .sgdGC, .sgdGCC: .sgd
        }
    }

    public var gradientCentralization: GradientCentralizationMode {
        switch self {
        case .sgdGC: .gc
        case .sgdGCC: .gcc
        }
    }
}

/// The optimizers there are.
public enum OptimizerName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Stochastic gradient descent with momentum.
    case sgd
    /// The same with decoupled decay.
    case sgdw
    case adam
    /// Adam with decoupled decay.
    case adamw
    case adagrad
    case rmsprop
    /// Adam with a rectified variance.
    case radam
    /// RAdam inside Lookahead.
    case ranger

    /// The name in papers.
    public var title: String {
        switch self {
        case .sgd: "SGD"
        case .sgdw: "SGDW"
        case .adam: "Adam"
        case .adamw: "AdamW"
        case .adagrad: "Adagrad"
        case .rmsprop: "RMSprop"
        case .radam: "RAdam"
        case .ranger: "Ranger"
        }
    }

    public var citation: String {
        switch self {
        case .sgd: "Sutskever et al., On the importance of initialization and momentum, ICML 2013"
        case .sgdw, .adamw: "Loshchilov, Hutter, Decoupled weight decay regularization, ICLR 2019"
        case .adam: "Kingma, Ba, Adam: a method for stochastic optimization, ICLR 2015"
        case .adagrad: "Duchi et al., Adaptive subgradient methods, JMLR 2011"
        case .rmsprop: "Tieleman, Hinton, Coursera lecture 6.5, 2012"
        case .radam: "Liu et al., On the variance of the adaptive learning rate, ICLR 2020"
        case .ranger: "Wright, Ranger, 2019; Zhang et al., Lookahead optimizer, NeurIPS 2019"
        }
    }

    /// The conventions that define the optimizer; the first one is the default.
    public var conventions: [OptimizerConvention] {
        switch self {
        case .sgd, .adam, .adamw: [.torch, .keras, .reference, .referenceAdvanced]
        case .sgdw: [.reference]
        case .adagrad: [.torch, .keras, .reference]
        case .rmsprop: [.torch, .keras]
        case .radam: [.torch, .referenceAdvanced]
        case .ranger: [.referenceAdvanced]
        }
    }

    /// The modes of centralization that are defined for it.
    public var modes: [GradientCentralizationMode] {
        isAdaptive ? GradientCentralizationMode.allCases : [.none, .gc, .gcc]
    }

    /// Whether steps are scaled element by element.
    public var isAdaptive: Bool {
        switch self {
        case .sgd, .sgdw: false
        case .adam, .adamw, .adagrad, .rmsprop, .radam, .ranger: true
        }
    }
}

/// Whose form of an optimizer: they differ in constants, in the place of ε, in what decay is
/// multiplied by, and in where the learning rate enters.
public enum OptimizerConvention: String, Hashable, Sendable, Codable, CaseIterable {
    /// `torch.optim`.
    case torch
    /// `keras.optimizers` of Keras 3.
    case keras
    /// The published `GC_code`.
    case reference
    /// The later `algorithm-GC`, "advanced optimizers".
    case referenceAdvanced = "reference_advanced"
}

/// The published class names, each of which stands for an optimizer, the convention `reference`
/// and a mode together.
public enum PublishedOptimizerClass: String, Hashable, Sendable, Codable, CaseIterable {
    case sgdGC = "SGD_GC"
    case sgdGCC = "SGD_GCC"
    case sgdwGC = "SGDW_GC"
    case sgdwGCC = "SGDW_GCC"
    case adamGC = "Adam_GC"
    case adamGCC = "Adam_GCC"
    case adamGC2 = "Adam_GC2"
    case adamGCC2 = "Adam_GCC2"
    case adamwGC = "AdamW_GC"
    case adamwGCC = "AdamW_GCC"
    case adamwGC2 = "AdamW_GC2"
    case adamwGCC2 = "AdamW_GCC2"
    case adagradGC = "Adagrad_GC"
    case adagradGCC = "Adagrad_GCC"

    public var optimizer: OptimizerName {
        switch self {
        case .sgdGC, .sgdGCC: .sgd
        case .sgdwGC, .sgdwGCC: .sgdw
        case .adamGC, .adamGCC, .adamGC2, .adamGCC2: .adam
        case .adamwGC, .adamwGCC, .adamwGC2, .adamwGCC2: .adamw
        case .adagradGC, .adagradGCC: .adagrad
        }
    }

    public var gradientCentralization: GradientCentralizationMode {
        switch self {
        case .sgdGC, .sgdwGC, .adamGC, .adamwGC, .adagradGC: .gc
        case .sgdGCC, .sgdwGCC, .adamGCC, .adamwGCC, .adagradGCC: .gcc
        case .adamGC2, .adamwGC2: .gc2
        case .adamGCC2, .adamwGCC2: .gcc2
        }
    }
}

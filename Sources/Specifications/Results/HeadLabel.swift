public import Models

extension Head {
    /// The head as a label names it: `gap`, `fast_mpn128`, `dropcov128`; another number of steps
    /// than the published five is named too.
    public var label: String {
        switch self {
        case .averagePooling: name.rawValue
        case .fastMPN(let dimension, Self.defaultIterations), .dropCov(let dimension):
            "\(name.rawValue)\(dimension)"
        case .fastMPN(let dimension, let iterations):
            "\(name.rawValue)\(dimension)/\(iterations)"
        }
    }
}

extension Head {
    /// What a head adds to the name of a network that has it: published tables name the two
    /// together.
    public var suffix: String { self == .averagePooling ? "" : "_" + label }
}

extension KeyedDecodingContainer {
    /// Jobs that were recorded before there were heads average.
    func decode(_ type: Head.Type, forKey key: Key) throws -> Head {
        try decodeIfPresent(type, forKey: key) ?? .averagePooling
    }
}

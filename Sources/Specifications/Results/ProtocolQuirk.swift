/// What a published script does that its paper does not say: on in the released scripts' protocols,
/// off elsewhere.
public enum ProtocolQuirk: String, Hashable, Sendable, Codable, CaseIterable {
    /// Every convolution has a bias, also where a norm that takes it away again follows: the
    /// published ImageNet networks (26,560 parameters more for ResNet-50).
    case biasedConvolutions = "biased_convolutions"
}

/// The quirks of a protocol, each once, in the order of ``ProtocolQuirk``: however a spec orders
/// them, they make the same job.
public struct ProtocolQuirks: Hashable, Sendable, Codable {
    public let all: [ProtocolQuirk]

    public init(_ quirks: some Sequence<ProtocolQuirk>) {
        let given = Set(quirks)
        all = ProtocolQuirk.allCases.filter(given.contains)
    }

    public static let none = ProtocolQuirks([])

    public var isEmpty: Bool { all.isEmpty }

    public func contains(_ quirk: ProtocolQuirk) -> Bool { all.contains(quirk) }

    /// The names, one after the other; `none` where there are none.
    public var label: String {
        isEmpty ? "none" : all.map(\.rawValue).joined(separator: ", ")
    }
}

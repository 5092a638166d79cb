/// What a published script does that its paper does not say: on in the released scripts' protocols,
/// off elsewhere.
public enum ProtocolQuirk: String, Hashable, Sendable, Codable, CaseIterable {
    /// Every convolution has a bias, also where a norm that takes it away again follows: the
    /// published ImageNet networks (26,560 parameters more for ResNet-50).
    case biasedConvolutions = "biased_convolutions"
    /// The images that are left over after whole evaluation batches are not scored: the published
    /// ImageNet and fine-grained scripts (49,920 of 50,000 images at batch 256).
    case dropLastEvaluation = "drop_last_evaluation"
    /// The rates of parameter groups are ignored: the released fine-grained script says them under a
    /// name that no optimizer reads, so the whole network trains at the rate of its head.
    case ignoredHeadRate = "ignored_head_rate"
    /// Loss and accuracy of training are means over the epoch's batches, a short last one counting
    /// like any other, as Keras up to 3.1 (the loss) and 3.3 (the accuracy) prints them.
    case batchMeans = "batch_means"
    /// The state of the optimizer starts anew halfway through the epochs: the second model of
    /// Keras's example is the first one, compiled again.
    case restartedOptimizer = "restarted_optimizer"
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

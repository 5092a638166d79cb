/// The normalization that goes with every convolution: what follows it, and whether its filters are
/// standardized.
public struct Normalization: Hashable, Sendable {
    public enum Kind: Hashable, Sendable, Codable {
        /// Batch normalization: statistics over batch and space (`bn`).
        case batch
        /// Group normalization: statistics over space and C/groups channels of one image (`gn`).
        case group(groups: Int)
        /// Layer normalization: statistics over space and all channels of one image, with a scale
        /// and a shift per channel (`ln`): group normalization of one group.
        case layer
        /// Instance normalization: statistics over space of one channel of one image, with a scale
        /// and a shift per channel (`in`): group normalization of C groups.
        case instance
        /// Batch normalization whose scale, shift and running statistics are constants
        /// (`frozen_bn`), for networks that start from trained weights.
        case frozenBatch
        /// None; convolutions have a bias instead (`none`).
        case none
    }

    public let kind: Kind
    /// Whether convolutions read each filter without its mean and over its deviation.
    public let standardizesWeights: Bool

    public init(_ kind: Kind, standardizesWeights: Bool = false) {
        self.kind = kind
        self.standardizesWeights = standardizesWeights
    }

    public static let batch = Normalization(.batch)
    public static func group(groups: Int) -> Normalization { Normalization(.group(groups: groups)) }
    public static let layer = Normalization(.layer)
    public static let instance = Normalization(.instance)
    public static let frozenBatch = Normalization(.frozenBatch)
    public static let none = Normalization(.none)

    /// The names a spec may use.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case bn
        case gn
        case ln
        case `in`
        case frozenBn = "frozen_bn"
        case none
    }

    public var name: Name {
        switch kind {
        case .batch: .bn
        case .group: .gn
        case .layer: .ln
        case .instance: .in
        case .frozenBatch: .frozenBn
        case .none: .none
        }
    }

    /// The spread of channels over groups when a spec does not say: 32, as in the published runs.
    public static let defaultGroups = 32
}

/// Written as the kind alone, and beside it the standardization where there is some: jobs that were
/// recorded before there was any read the same.
extension Normalization: Codable {
    private enum CodingKeys: String, CodingKey {
        case standardizesWeights
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            try Kind(from: decoder),
            standardizesWeights: try container.decodeIfPresent(
                Bool.self, forKey: .standardizesWeights) ?? false)
    }

    public func encode(to encoder: any Encoder) throws {
        try kind.encode(to: encoder)
        guard standardizesWeights else { return }
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(true, forKey: .standardizesWeights)
    }
}

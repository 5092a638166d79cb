/// The normalization that follows a convolution.
public enum Normalization: Hashable, Sendable, Codable {
    /// Batch normalization: statistics over batch and space (`bn`).
    case batch
    /// Group normalization: statistics over space and C/groups channels of one image (`gn`).
    case group(groups: Int)

    /// The names a spec may use.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case bn
        case gn
    }

    public var name: Name {
        switch self {
        case .batch: .bn
        case .group: .gn
        }
    }

    /// The spread of channels over groups when a spec does not say: 32, as in the published runs.
    public static let defaultGroups = 32
}

/// The figures of one published table, where they come from and what is wrong with them.
public struct Publication: Hashable, Sendable {
    public let title: String
    public let source: String
    public let metrics: [PublishedMetric]
    /// Which epoch the figures are of, as far as is known: ours of the same kind are set beside.
    public let selection: EpochSelection
    /// δ in points: a difference below it does not matter for this table.
    public let margin: Double
    public let rows: [PublishedRow]
    /// Known flaws and gaps, one sentence or two each.
    public let footnotes: [String]
}

/// Which epoch of a run a figure is of.
public enum EpochSelection: String, Hashable, Sendable {
    case best
    case last
    /// Not said; treated as the last.
    case unknown
}

/// What a published table measures.
public struct PublishedMetric: Hashable, Sendable {
    /// The metric's name in the store, or the name of its complement.
    public let name: String
    /// How it is written above a column, without the unit.
    public let heading: String
    public let higherIsBetter: Bool
    /// The stored metric of which this is 100 − x; nil when it is stored itself.
    public let complementOf: String?

    init(
        _ name: String, _ heading: String, higherIsBetter: Bool = true, complementOf: String? = nil
    ) {
        self.name = name
        self.heading = heading
        self.higherIsBetter = higherIsBetter
        self.complementOf = complementOf
    }

    static let testAccuracy = PublishedMetric("test_accuracy", "test accuracy")
    static let testError = PublishedMetric(
        "test_error", "top-1 error", higherIsBetter: false, complementOf: "test_accuracy")
}

/// One row of a published table: a setting, and its figures with and without GC.
public struct PublishedRow: Hashable, Sendable {
    public let label: String
    public let dataset: String
    public let backbone: String
    /// `bn`, `gn`, or with `+ws` for weight standardization.
    public let normalization: String
    public let optimizer: String
    /// Where one table has rows that differ in nothing else.
    public let epochs: Int?
    public let arms: [PublishedArm]

    init(
        label: String, dataset: String, backbone: String, normalization: String, optimizer: String,
        epochs: Int? = nil, arms: [PublishedArm]
    ) {
        self.label = label
        self.dataset = dataset
        self.backbone = backbone
        self.normalization = normalization
        self.optimizer = optimizer
        self.epochs = epochs
        self.arms = arms
    }

    /// The figures of a GC mode; nil when that mode was not published.
    public func arm(_ gc: String) -> PublishedArm? { arms.first { $0.gc == gc } }

    /// Whether a job with these settings belongs here. A normalization's options, such as the
    /// number of groups, belong to the protocol and are judged by its deviations.
    public func matches(
        dataset: String, backbone: String, normalization: String, optimizer: String, epochs: Int
    ) -> Bool {
        dataset == self.dataset && backbone == self.backbone && optimizer == self.optimizer
            && epochs == self.epochs ?? epochs
            && Self.family(normalization) == Self.family(self.normalization)
    }

    private static func family(_ normalization: String) -> String {
        let kind = normalization.lowercased().prefix { $0.isLetter }
        return kind + (normalization.lowercased().contains("ws") ? "+ws" : "")
    }
}

/// The figures of one GC mode in one row, by metric.
public struct PublishedArm: Hashable, Sendable {
    public let gc: String
    public let numbers: [String: PublishedNumber]

    init(_ gc: String, _ numbers: [String: PublishedNumber]) {
        self.gc = gc
        self.numbers = numbers
    }
}

/// A published number, in percent or points.
public struct PublishedNumber: Hashable, Sendable {
    public let mean: Double
    public let standardDeviation: Double?
    /// The number of runs; nil where it was not said.
    public let runs: Int?

    init(_ mean: Double, _ standardDeviation: Double? = nil, runs: Int? = 1) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.runs = runs
    }
}

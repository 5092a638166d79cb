/// One value of one metric. Accuracies, errors and APs are in percent.
public struct MetricValue: Hashable, Sendable {
    public let metric: String
    /// 1 for the first epoch; 0 before training.
    public let epoch: Int
    /// Optimizer steps taken so far.
    public let step: Int
    /// Any Double: NaN and infinities are kept as such.
    public let value: Double

    public init(_ metric: String, epoch: Int, step: Int, value: Double) {
        self.metric = metric
        self.epoch = epoch
        self.step = step
        self.value = value
    }
}

/// What a stored value is.
enum ValueKind: String {
    case finite
    case nan
    case infinite = "inf"
    case negativeInfinite = "-inf"

    init(_ value: Double) {
        if value.isFinite {
            self = .finite
        } else if value.isNaN {
            self = .nan
        } else {
            self = value > 0 ? .infinite : .negativeInfinite
        }
    }

    /// The value again; `stored` is NULL for all but finite ones.
    func value(stored: Double?) -> Double {
        switch self {
        case .finite: stored ?? .nan
        case .nan: .nan
        case .infinite: .infinity
        case .negativeInfinite: -.infinity
        }
    }
}

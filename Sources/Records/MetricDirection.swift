/// Which way a metric is better, told by the last word of its name.
public enum MetricDirection: String, Hashable, Sendable, Codable {
    case higherIsBetter = "max"
    case lowerIsBetter = "min"
    /// Neither: a rate, a norm, a share. Such a metric has a last value and no best.
    case neither = "none"

    /// `test_accuracy`, `box_ap`, `map`, `rank1`, … are better high; `train_loss`, `test_error`, …
    /// are better low.
    public init(metric name: String) {
        switch name.lowercased().split(separator: "_").last {
        case "accuracy", "ap", "ap50", "ap75", "map", "rank1", "precision", "recall":
            self = .higherIsBetter
        case "loss", "error":
            self = .lowerIsBetter
        case .some, .none:
            self = .neither
        }
    }
}

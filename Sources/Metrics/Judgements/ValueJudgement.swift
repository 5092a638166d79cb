/// A published figure: the mean of n runs and their spread, or one run.
public struct PublishedFigure: Hashable, Sendable, Codable {
    public let mean: Double
    /// The sample standard deviation over the runs; nil where none was published.
    public let standardDeviation: Double?
    /// The number of runs; nil where it was not said.
    public let count: Int?

    public init(mean: Double, standardDeviation: Double? = nil, count: Int? = 1) {
        self.mean = mean
        self.standardDeviation = standardDeviation
        self.count = count
    }

    private enum CodingKeys: String, CodingKey {
        case mean
        case standardDeviation = "std"
        case count = "n"
    }
}

/// How our value stands to the published one.
public enum ValueVerdict: String, Hashable, Sendable, Codable {
    /// With a published spread: the 90 % Welch interval of the difference lies inside (−δ, δ).
    case reproduced
    /// With a published spread: that interval lies outside (−δ, δ). With a single published run: it
    /// lies outside our 95 % prediction interval.
    case contradicted
    /// Too few seeds, or too wide an interval.
    case inconclusive
    /// A single published run that our seeds could have produced; never more than that.
    case consistent
}

/// Our value against the published one.
public struct ValueJudgement: Hashable, Sendable {
    /// What the interval is an interval of.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// 90 % Welch interval of ours − published.
        case welch
        /// 95 % interval in which one more run of ours would lie.
        case prediction
    }

    public let kind: Kind
    /// nil for fewer than two finite seeds.
    public let interval: Interval?
    public let verdict: ValueVerdict

    /// - Parameter margin: δ for the Welch equivalence; without one nothing is *reproduced*.
    public init(_ ours: Sample, published: PublishedFigure, margin: Double?) {
        if let theirs = WelchDifference.Mean(published) {
            kind = .welch
            interval = WelchDifference.Mean(ours).flatMap {
                WelchDifference(from: theirs, to: $0).interval(level: 0.9)
            }
        } else {
            kind = .prediction
            interval = ours.predictionInterval(level: 0.95)
        }
        verdict = Self.verdict(kind, ours, interval, published, margin)
    }

    private static func verdict(
        _ kind: Kind, _ ours: Sample, _ interval: Interval?, _ published: PublishedFigure,
        _ margin: Double?
    ) -> ValueVerdict {
        guard ours.divergedCount == 0, let interval else { return .inconclusive }
        switch kind {
        case .prediction:
            return interval.contains(published.mean) ? .consistent : .contradicted
        case .welch:
            guard let margin else { return .inconclusive }
            if interval.isInside(margin: margin) { return .reproduced }
            return interval.isOutside(margin: margin) ? .contradicted : .inconclusive
        }
    }
}

extension WelchDifference.Mean {
    /// A published mean with its spread over at least two runs; nil for anything less.
    fileprivate init?(_ figure: PublishedFigure) {
        guard let deviation = figure.standardDeviation, let count = figure.count, count > 1
        else { return nil }
        self.init(mean: figure.mean, standardDeviation: deviation, count: count)
    }
}

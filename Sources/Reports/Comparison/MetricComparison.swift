import Metrics
import Records

/// One metric of two selections, last epoch.
struct MetricComparison: Hashable, Sendable {
    let metric: ReportMetric
    let first: Sample
    let second: Sample
    let judgement: Judgement

    enum Judgement: Hashable, Sendable {
        case paired(EffectJudgement)
        case unpaired(UnpairedJudgement)
    }

    static func family(
        _ metrics: [ReportMetric], _ pairs: JobPairs, _ first: Comparison.Side,
        _ second: Comparison.Side, _ margin: Double
    ) -> [MetricComparison] {
        let samples = metrics.map { metric in
            (sample(first.jobs, metric), sample(second.jobs, metric))
        }
        let judgements: [Judgement] =
            pairs.pairing == .none
            ? UnpairedJudgement.family(
                zip(metrics, samples).map {
                    .init($1.0, $1.1, margin: margin, higherIsBetter: $0.higherIsBetter)
                }
            ).map(Judgement.unpaired)
            : EffectJudgement.family(metrics.compactMap { seedPairs(pairs, $0, margin) })
                .map(Judgement.paired)
        return zip(metrics, zip(samples, judgements)).map {
            MetricComparison(metric: $0, first: $1.0.0, second: $1.0.1, judgement: $1.1)
        }
    }

    private static func sample(_ jobs: [JobRecord], _ metric: ReportMetric) -> Sample {
        Sample(jobs.compactMap { metric.values(of: $0)?.last })
    }

    /// A pair that lacks the metric counts like one that diverged: it settles nothing.
    private static func seedPairs(_ pairs: JobPairs, _ metric: ReportMetric, _ margin: Double)
        -> SeedPairs?
    {
        func values(_ jobs: [JobRecord]) -> [Double] {
            jobs.map { metric.values(of: $0)?.last ?? .nan }
        }
        return try? SeedPairs(
            off: values(pairs.pairs.map(\.first)), on: values(pairs.pairs.map(\.second)),
            margin: margin, higherIsBetter: metric.higherIsBetter)
    }
}

extension MetricComparison.Judgement {
    var mean: Double? {
        switch self {
        case .paired(let judgement): judgement.mean
        case .unpaired(let judgement): judgement.mean
        }
    }

    var interval: Interval? {
        switch self {
        case .paired(let judgement): judgement.interval
        case .unpaired(let judgement): judgement.interval
        }
    }

    var p: Double? {
        switch self {
        case .paired(let judgement): judgement.p
        case .unpaired(let judgement): judgement.p
        }
    }

    var holmP: Double? {
        switch self {
        case .paired(let judgement): judgement.holmP
        case .unpaired(let judgement): judgement.holmP
        }
    }

    /// nil where any p can come out.
    var smallestP: Double? {
        switch self {
        case .paired(let judgement): judgement.smallestP
        case .unpaired: nil
        }
    }

    var equivalenceP: Double? {
        switch self {
        case .paired(let judgement): judgement.equivalenceP
        case .unpaired(let judgement): judgement.equivalenceP
        }
    }

    var verdict: EffectVerdict {
        switch self {
        case .paired(let judgement): judgement.verdict
        case .unpaired(let judgement): judgement.verdict
        }
    }
}

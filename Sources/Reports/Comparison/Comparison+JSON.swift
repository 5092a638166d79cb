import Metrics
import Records

/// One JSON document. What is infinite or unknown is null.
extension Comparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case first = "a"
        case second = "b"
        case pairing, metrics, target
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(first, forKey: .first)
        try container.encode(second, forKey: .second)
        try container.encode(pairing, forKey: .pairing)
        try container.encode(metrics, forKey: .metrics)
        try container.encode(target, forKey: .target)
    }
}

extension Comparison.Side: Encodable {
    private enum CodingKeys: String, CodingKey {
        case selection, jobs, unfinished
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(selection, forKey: .selection)
        try container.encode(jobs.map(\.job.id), forKey: .jobs)
        try container.encode(unfinishedCount, forKey: .unfinished)
    }
}

extension MetricComparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case metric
        case meanFirst = "mean_a"
        case deviationFirst = "std_a"
        case divergedFirst = "diverged_a"
        case meanSecond = "mean_b"
        case deviationSecond = "std_b"
        case divergedSecond = "diverged_b"
        case difference, interval, p
        case holmP = "p_holm"
        case smallestP = "smallest_p"
        case equivalenceP = "equivalence_p"
        case verdict
        case seedsNeeded = "seeds_needed"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(metric.name, forKey: .metric)
        try container.encode(first.mean, forKey: .meanFirst)
        try container.encode(first.standardDeviation, forKey: .deviationFirst)
        try container.encode(first.divergedCount, forKey: .divergedFirst)
        try container.encode(second.mean, forKey: .meanSecond)
        try container.encode(second.standardDeviation, forKey: .deviationSecond)
        try container.encode(second.divergedCount, forKey: .divergedSecond)
        try container.encode(judgement.mean, forKey: .difference)
        try container.encode(judgement.interval, forKey: .interval)
        try container.encode(judgement.p, forKey: .p)
        try container.encode(judgement.holmP, forKey: .holmP)
        try container.encode(judgement.smallestP, forKey: .smallestP)
        try container.encode(judgement.equivalenceP, forKey: .equivalenceP)
        try container.encode(judgement.verdict.name, forKey: .verdict)
        try container.encode(judgement.verdict.seedsNeeded, forKey: .seedsNeeded)
    }
}

extension TargetComparison: Encodable {
    private enum CodingKeys: String, CodingKey {
        case metric, value
        case first = "a"
        case second = "b"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(target.metric, forKey: .metric)
        try container.encode(target.value, forKey: .value)
        try container.encode(first, forKey: .first)
        try container.encode(second, forKey: .second)
    }
}

extension TargetComparison.Times: Encodable {
    private enum CodingKeys: String, CodingKey {
        case hits, count, epochs, seconds
        case rateInterval = "rate_interval"
        case medianEpochs = "median_epochs"
        case medianSeconds = "median_seconds"
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        func finite(_ value: Double?) -> Double? { value.flatMap { $0.isFinite ? $0 : nil } }
        try container.encode(rate.hits, forKey: .hits)
        try container.encode(rate.count, forKey: .count)
        try container.encode(rate.interval, forKey: .rateInterval)
        try container.encode(epochs.map(finite), forKey: .epochs)
        try container.encode(seconds?.map(finite), forKey: .seconds)
        try container.encode(finite(medianEpochs), forKey: .medianEpochs)
        try container.encode(finite(medianSeconds), forKey: .medianSeconds)
    }
}

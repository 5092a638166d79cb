public import Metrics
import Records

/// A value of a metric that is to be reached.
public struct Target: Hashable, Sendable {
    public let metric: String
    public let value: Double

    /// - Parameter text: `METRIC=VALUE`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]), value.isFinite
        else { return nil }
        metric = String(parts[0])
        self.value = value
    }
}

/// How long two selections train until they reach a target.
///
/// A job that never does takes forever and stays in the median; evaluations are not on the clock.
///
/// *Reference:* AlgoPerf: Training Algorithms, the rules of v0.6, scoring.
public struct TargetComparison: Hashable, Sendable {
    public let target: Target
    public let first: Times
    public let second: Times

    /// The times of one side; a miss is infinite.
    public struct Times: Hashable, Sendable {
        /// Epochs of each job.
        public let epochs: [Double]
        /// Seconds of training of each job; nil where a store does not have them.
        public let seconds: [Double]?

        public var rate: HitRate {
            HitRate(hits: epochs.count { $0.isFinite }, count: epochs.count)
        }

        public var medianEpochs: Double { Self.median(epochs) }
        public var medianSeconds: Double? { seconds.map(Self.median) }

        /// The mean of the two in the middle is infinite as soon as one of them is.
        static func median(_ times: [Double]) -> Double {
            let sorted = times.sorted()
            guard let last = sorted.last else { return .infinity }
            let middle = sorted.count / 2
            if sorted.count % 2 == 1 { return sorted[middle] }
            return middle > 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : last
        }
    }

    init(
        _ target: Target, _ first: Comparison.Side, _ second: Comparison.Side,
        _ measurements: (String) throws -> [MetricValue]
    ) throws {
        let direction = MetricDirection(metric: target.metric)
        guard direction != .neither else { throw ComparisonError.noDirection(target.metric) }
        let jobs = first.jobs + second.jobs
        guard jobs.contains(where: { $0.metrics[target.metric] != nil }) else {
            let known = Set(
                jobs.flatMap { $0.metrics.filter { $0.value.direction != .neither }.keys })
            throw ComparisonError.unknownMetric(target.metric, known: known.sorted())
        }
        func times(_ side: Comparison.Side) throws -> Times {
            let clocks = try side.jobs.map { job in
                JobClock(job, try measurements(job.job.id), target, direction)
            }
            let seconds = clocks.compactMap(\.seconds)
            return Times(
                epochs: clocks.map(\.epochs),
                seconds: seconds.count == clocks.count ? seconds : nil)
        }
        self.target = target
        self.first = try times(first)
        self.second = try times(second)
    }
}

/// When one job reached a target.
private struct JobClock {
    let epochs: Double
    let seconds: Double?

    init(
        _ job: JobRecord, _ measurements: [MetricValue], _ target: Target,
        _ direction: MetricDirection
    ) {
        let reached = measurements.first { value in
            value.metric == target.metric
                && (direction == .higherIsBetter
                    ? value.value >= target.value : value.value <= target.value)
        }
        guard let reached else {
            (epochs, seconds) = (.infinity, .infinity)
            return
        }
        epochs = Double(reached.epoch)
        seconds = Self.trainingSeconds(job, measurements, until: reached.epoch)
    }

    /// Σ images / (images per second), epoch by epoch.
    private static func trainingSeconds(
        _ job: JobRecord, _ measurements: [MetricValue], until last: Int
    ) -> Double? {
        guard let size = JobFields.canonical(job.job)["batch_size"].flatMap(Double.init) else {
            return nil
        }
        let rates = measurements.filter {
            $0.metric == "images_per_second" && $0.epoch > 0 && $0.epoch <= last && $0.value > 0
        }
        guard rates.count == last else { return nil }
        var (sum, step) = (0.0, 0)
        for rate in rates {
            sum += Double(rate.step - step) * size / rate.value
            step = rate.step
        }
        return sum
    }
}

import Foundation
import Scheduling

/// How long a sweep will take: the work that is left, at the pace of the last minutes.
struct SweepEstimate {
    /// Seconds, with an interval that should hold the truth 19 times in 20.
    struct Remaining: Hashable {
        let seconds: Double
        let low: Double
        let high: Double
    }

    private var remaining: [String: Double]
    private let work: [String: Double]
    private let stepCounts: [String: Int]
    private var sum: Double
    private var pace = Pace()

    init(jobs: [ScheduledJob]) {
        work = Dictionary(jobs.map { ($0.job.id, $0.work) }) { first, _ in first }
        stepCounts = Dictionary(jobs.map { ($0.job.id, $0.job.stepCount) }) { first, _ in first }
        remaining = work
        sum = work.values.reduce(0, +)
    }

    /// The job needs no more work.
    mutating func skip(_ job: PreparedJob) { _ = set(job, left: 0) }

    /// The job has done `step` steps, whoever did them.
    mutating func begin(_ job: PreparedJob, at step: Int) { _ = set(job, left: left(job, step)) }

    /// The job has done `step` steps, here and now.
    mutating func advance(_ job: PreparedJob, to step: Int, at now: ContinuousClock.Instant = .now)
    {
        pace.add(max(0, set(job, left: left(job, step))), at: now)
    }

    /// nil until there is something to go by.
    func remaining(at now: ContinuousClock.Instant = .now) -> Remaining? {
        pace.remaining(for: sum, at: now)
    }

    private func left(_ job: PreparedJob, _ step: Int) -> Double {
        let count = stepCounts[job.id] ?? 0
        guard count > 0 else { return 0 }
        return (work[job.id] ?? 0) * Double(max(0, count - step)) / Double(count)
    }

    /// What is done with that.
    private mutating func set(_ job: PreparedJob, left: Double) -> Double {
        let done = (remaining[job.id] ?? 0) - left
        remaining[job.id] = left
        sum -= done
        return done
    }
}

/// Work per second, in windows of some seconds, so that its variation can be told.
private struct Pace {
    private var windows: [Double] = []
    private var current = 0.0
    private var start: ContinuousClock.Instant?

    private static let windowSeconds = 5.0
    /// Five minutes.
    private static let windowCount = 60

    mutating func add(_ work: Double, at now: ContinuousClock.Instant) {
        guard let start else { return self.start = now }
        current += work
        let seconds = (now - start) / .seconds(1)
        guard seconds >= Self.windowSeconds else { return }
        windows = (windows + [current / seconds]).suffix(Self.windowCount)
        (current, self.start) = (0, now)
    }

    /// The time for `work`, whose pace varies from window to window: the mean of the windows to
    /// come differs from the mean of those seen by their two standard errors together.
    func remaining(for work: Double, at now: ContinuousClock.Instant) -> SweepEstimate.Remaining? {
        guard let start else { return nil }
        var rates = windows
        if rates.isEmpty { rates = [current / max(1e-3, (now - start) / .seconds(1))] }
        let mean = rates.reduce(0, +) / Double(rates.count)
        guard mean > 0 else { return nil }
        let seconds = work / mean
        let variance =
            rates.count > 1
            ? rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count - 1)
            : mean * mean / 4
        let windowsToCome = max(1, seconds / Self.windowSeconds)
        let error = 2 * (variance * (1 / Double(rates.count) + 1 / windowsToCome)).squareRoot()
        return .init(
            seconds: seconds, low: work / (mean + error),
            high: error < mean ? work / (mean - error) : .infinity)
    }
}

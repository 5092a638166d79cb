import Scheduling
import Specifications

/// How long a sweep will take: images still to be trained on, at the rate so far.
struct SweepEstimate {
    private var remaining: [String: Double]
    private let work: [String: PreparedJob]
    private var done = 0.0
    private var start: ContinuousClock.Instant?

    init(jobs: [PreparedJob]) {
        work = Dictionary(jobs.map { ($0.id, $0) }) { first, _ in first }
        remaining = work.mapValues { Double($0.stepCount * $0.specification.batchSize) }
    }

    /// The job needs no more work.
    mutating func skip(_ job: PreparedJob) { remaining[job.id] = 0 }

    /// The job has done `step` steps.
    mutating func advance(_ job: PreparedJob, to step: Int) {
        if start == nil { start = .now }
        let left = Double(max(0, job.stepCount - step) * job.specification.batchSize)
        done += max(0, (remaining[job.id] ?? 0) - left)
        remaining[job.id] = min(left, remaining[job.id] ?? left)
    }

    /// nil until there is something to go by.
    var remainingSeconds: Double? {
        guard let start, done > 0 else { return nil }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return remaining.values.reduce(0, +) / done * seconds
    }
}

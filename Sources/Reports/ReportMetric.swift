import Publications
import Records

/// A metric as a table shows it.
struct ReportMetric: Hashable, Sendable {
    let name: String
    /// Without the unit.
    let heading: String
    let higherIsBetter: Bool
    /// The metric in the store; `isComplement` when the table shows 100 − it.
    let stored: String
    let isComplement: Bool

    init(_ metric: PublishedMetric) {
        name = metric.name
        heading = metric.heading
        higherIsBetter = metric.higherIsBetter
        stored = metric.complementOf ?? metric.name
        isComplement = metric.complementOf != nil
    }

    init(stored name: String, higherIsBetter: Bool) {
        self.name = name
        heading = name.split(separator: "_").joined(separator: " ")
        self.higherIsBetter = higherIsBetter
        stored = name
        isComplement = false
    }

    /// Losses are numbers, everything else is in percent.
    var unit: String { name.hasSuffix("loss") ? "" : "%" }
    var differenceUnit: String { unit.isEmpty ? "" : "points" }

    /// What a table shows: the published metrics; else the test accuracy; else whatever of the
    /// test, and at last anything, that can be better or worse.
    static func shown(_ publication: Publication?, jobs: [JobRecord]) -> [ReportMetric] {
        if let publication { return publication.metrics.map(ReportMetric.init) }
        var directions: [String: MetricDirection] = [:]
        for job in jobs {
            directions.merge(job.metrics.mapValues(\.direction)) { first, _ in first }
        }
        let directed = directions.filter { $0.value != .neither }.keys.sorted()
        let accuracy = directed.filter { $0 == "test_accuracy" }
        let ofTest = directed.filter { $0.hasPrefix("test_") }
        let names = accuracy.isEmpty ? (ofTest.isEmpty ? directed : ofTest) : accuracy
        return names.map {
            ReportMetric(stored: $0, higherIsBetter: directions[$0] == .higherIsBetter)
        }
    }

    /// A job's last and best value; NaN for both when it diverged, nil when it has no result.
    func values(of job: JobRecord) -> (last: Double, best: Double)? {
        if job.state == .diverged { return (.nan, .nan) }
        guard job.state == .finished, let summary = job.metrics[stored] else { return nil }
        return (shown(summary.last), shown(summary.best ?? .nan))
    }

    private func shown(_ value: Double) -> Double { isComplement ? 100 - value : value }
}

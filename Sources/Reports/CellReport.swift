import Metrics
import Publications
import Records

/// The values of one cell in one metric, and those of its control arm.
struct CellMeasurement {
    let cell: TableCell
    let last: Sample
    let best: Sample
    let published: PublishedNumber?
    private let lastBySeed: [Int: Double]
    /// nil for the control arm itself.
    private let controlBySeed: [Int: Double]?

    init(_ cell: TableCell, _ metric: ReportMetric, among cells: [TableCell]) {
        self.cell = cell
        let values = cell.jobs.compactMap(metric.values)
        last = Sample(values.map(\.last))
        best = Sample(values.map(\.best))
        published = cell.published?.numbers[metric.name]
        lastBySeed = Self.bySeed(cell, metric)
        let control = cells.first { $0.row == cell.row && $0.gc == "none" && !$0.jobs.isEmpty }
        controlBySeed =
            cell.gc == "none" ? nil : control.map { Self.bySeed($0, metric) }
    }

    /// The seeds that both arms have; nil when there are none.
    func pairs(_ metric: ReportMetric, margin: Double) -> SeedPairs? {
        guard let controlBySeed else { return nil }
        let seeds = lastBySeed.keys.filter { controlBySeed[$0] != nil }.sorted()
        guard !seeds.isEmpty else { return nil }
        return try? SeedPairs(
            off: seeds.compactMap { controlBySeed[$0] }, on: seeds.compactMap { lastBySeed[$0] },
            margin: margin, higherIsBetter: metric.higherIsBetter)
    }

    private static func bySeed(_ cell: TableCell, _ metric: ReportMetric) -> [Int: Double] {
        let pairs = cell.jobs.compactMap { job in
            metric.values(of: job).map { (job.job.seed, $0.last) }
        }
        return Dictionary(pairs) { first, _ in first }
    }
}

/// One line of a table.
struct CellReport: Hashable, Sendable {
    let cell: TableCell
    let last: Sample
    let best: Sample
    let published: PublishedNumber?
    /// Last epoch, on − off; nil for the control arm, and without a common seed.
    let effect: EffectJudgement?
    /// Against the published figure; nil without one, or without a result.
    let value: ValueJudgement?

    init(
        _ measurement: CellMeasurement, _ publication: Publication?, effect: EffectJudgement?,
        margin: Double
    ) {
        cell = measurement.cell
        last = measurement.last
        best = measurement.best
        published = measurement.published
        self.effect = effect
        let ours = publication?.selection == .best ? best : last
        let hasResult = ours.count + ours.divergedCount > 0
        value = measurement.published.flatMap { number in
            hasResult
                ? ValueJudgement(ours, published: PublishedFigure(number), margin: margin) : nil
        }
    }

    var jobs: [String] { cell.jobs.filter { $0.state.isDone }.map(\.job.id) }
}

extension PublishedFigure {
    init(_ number: PublishedNumber) {
        self.init(
            mean: number.mean, standardDeviation: number.standardDeviation, count: number.runs)
    }
}

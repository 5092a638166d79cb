import Metrics
import Publications

/// A line of a table for programs: every number in full, nothing rounded.
struct RowValues: Encodable {
    let table: String
    let metric: String
    let row: CellReport
    let evidence: Evidence

    /// The keys of the JSON report, which are the columns of the CSV one too.
    enum CodingKeys: String, CodingKey, CaseIterable {
        case label, gc, metric, deviation, published
        case publishedDeviation = "published_std"
        case count = "n"
        case diverged
        case meanLast = "mean_last"
        case deviationLast = "std_last"
        case meanBest = "mean_best"
        case deviationBest = "std_best"
        case difference, interval, p
        case holmP = "p_holm"
        case smallestP = "smallest_p"
        case equivalenceP = "equivalence_p"
        case effect
        case seedsNeeded = "seeds_needed"
        case verdict
        case verdictInterval = "verdict_interval"
        case smoke, synthetic, jobs
    }

    /// The label alone, and with the GC mode behind it where that is on.
    var label: String {
        row.cell.gc == "none" ? row.cell.fullLabel : "\(row.cell.fullLabel), \(row.cell.gc)"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(label, forKey: .label)
        try container.encode(row.cell.gc, forKey: .gc)
        try container.encode(metric, forKey: .metric)
        try container.encode(row.cell.deviation, forKey: .deviation)
        try container.encode(row.published?.mean, forKey: .published)
        try container.encode(row.published?.standardDeviation, forKey: .publishedDeviation)
        try container.encode(row.last.count, forKey: .count)
        try container.encode(row.last.divergedCount, forKey: .diverged)
        try container.encode(row.last.mean, forKey: .meanLast)
        try container.encode(row.last.standardDeviation, forKey: .deviationLast)
        try container.encode(row.best.mean, forKey: .meanBest)
        try container.encode(row.best.standardDeviation, forKey: .deviationBest)
        try encodeEffect(&container)
        try container.encode(row.value?.verdict, forKey: .verdict)
        try container.encode(row.value?.interval, forKey: .verdictInterval)
        try container.encode(evidence == .smoke, forKey: .smoke)
        try container.encode(evidence != .measured, forKey: .synthetic)
        try container.encode(row.jobs, forKey: .jobs)
    }

    private func encodeEffect(_ container: inout KeyedEncodingContainer<CodingKeys>) throws {
        let effect = row.effect
        try container.encode(effect?.mean, forKey: .difference)
        try container.encode(effect?.interval, forKey: .interval)
        try container.encode(effect?.p, forKey: .p)
        try container.encode(effect?.holmP, forKey: .holmP)
        try container.encode(effect?.smallestP, forKey: .smallestP)
        try container.encode(effect?.equivalenceP, forKey: .equivalenceP)
        try container.encode(effect?.verdict.name, forKey: .effect)
        try container.encode(effect?.verdict.seedsNeeded, forKey: .seedsNeeded)
    }
}

import Metrics
import Publications

extension Report {
    /// RFC 4180 with a heading line; lists are separated by spaces, an unknown value is empty.
    var csv: String {
        let keys = RowValues.CodingKeys.allCases
        let heading = ["table"] + keys.map(\.rawValue)
        let rows = tables.flatMap(\.rowValues).map { row in
            [row.table] + keys.map { row.text($0) }
        }
        return ([heading] + rows).map { $0.map(quoted).joined(separator: ",") + "\n" }.joined()
    }

    private func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else {
            return field
        }
        let doubled = field.split(separator: "\"", omittingEmptySubsequences: false)
        return "\"" + doubled.joined(separator: "\"\"") + "\""
    }
}

extension RowValues {
    fileprivate func text(_ key: CodingKeys) -> String {
        switch key {
        case .label: label
        case .gc: row.cell.gc
        case .metric: metric
        case .deviation: row.cell.deviation ?? ""
        case .published: text(row.published?.mean)
        case .publishedDeviation: text(row.published?.standardDeviation)
        case .count: "\(row.last.count)"
        case .diverged: "\(row.last.divergedCount)"
        case .meanLast: text(row.last.mean)
        case .deviationLast: text(row.last.standardDeviation)
        case .meanBest: text(row.best.mean)
        case .deviationBest: text(row.best.standardDeviation)
        case .difference: text(row.effect?.mean)
        case .interval: text(row.effect?.interval)
        case .p: text(row.effect?.p)
        case .holmP: text(row.effect?.holmP)
        case .smallestP: text(row.effect?.smallestP)
        case .equivalenceP: text(row.effect?.equivalenceP)
        case .effect: row.effect?.verdict.name ?? ""
        case .seedsNeeded: row.effect?.verdict.seedsNeeded.map(String.init) ?? ""
        case .verdict: row.value?.verdict.rawValue ?? ""
        case .verdictInterval: text(row.value?.interval)
        case .smoke: "\(evidence == .smoke)"
        case .synthetic: "\(evidence != .measured)"
        case .jobs: row.jobs.joined(separator: " ")
        }
    }

    private func text(_ interval: Interval?) -> String {
        interval.map { "\($0.low) \($0.high)" } ?? ""
    }

    private func text(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}

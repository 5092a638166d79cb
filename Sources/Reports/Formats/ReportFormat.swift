import Publications
import Records

/// How a report is written.
public enum ReportFormat: String, Hashable, Sendable, CaseIterable {
    case markdown
    case html
    case csv
    case json
    case latex

    /// The ending of its files.
    public var fileExtension: String {
        switch self {
        case .markdown: "md"
        case .html: "html"
        case .csv: "csv"
        case .json: "json"
        case .latex: "tex"
        }
    }

    /// Whether it shows curves, in itself or in files beside it.
    public var hasCurves: Bool {
        switch self {
        case .markdown, .html: true
        case .csv, .json, .latex: false
        }
    }
}

extension Report {
    /// The whole report as text, ending in a line break.
    public func text(_ format: ReportFormat) -> String {
        switch format {
        case .markdown: markdown
        case .html: html
        case .csv: csv
        case .json: json
        case .latex: latex
        }
    }

    /// Said in place of tables when there are none.
    var emptyMessage: String {
        let path = storePath ?? Store.defaultPath
        return "No jobs are recorded in \(path) yet. `gc-bench run SPEC` records some."
    }
}

extension TableReport {
    /// The heading: the name, what was published under it, and what the numbers are worth.
    var title: String {
        (publication.map { "\(name): \($0.title)" } ?? name) + evidence.mark
    }

    /// The one label of all rows, which then need no column for it; nil when there are several.
    var onlyLabel: String? {
        let labels = Set(sections.flatMap(\.rows).map(\.cell.fullLabel))
        return labels.count == 1 ? labels.first : nil
    }
}

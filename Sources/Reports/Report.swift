import Publications
public import Records

/// The tables that follow from a store. A pure function of its rows: the same store gives the same
/// bytes.
public struct Report: Hashable, Sendable {
    /// Which tables are shown.
    public enum Selection: Hashable, Sendable {
        /// Tables with at least one job, with the rows that were measured.
        case measured
        /// Every table there is, with what was not run.
        case all
        /// One table, with what was not run.
        case table(String)
    }

    let tables: [TableReport]
    /// The store, as the commands name it; nil for the default one.
    let storePath: String?
    let curves: [CellCurve]

    /// What curves show besides metrics that can be better or worse.
    public static let extraCurves = CurvePanel.extraMetrics

    /// - Parameters:
    ///   - storePath: the store's path when it is not the default one.
    ///   - curves: what HTML and the pictures beside a Markdown file show.
    /// - Throws: `ReportError.unknownTable` for a table that has no job and was not published.
    public init(
        jobs: [JobRecord], selection: Selection = .measured, storePath: String? = nil,
        curves: [CellCurve] = []
    ) throws(ReportError) {
        let recorded = Set(jobs.map(\.job.listing.table))
        let published = ReportTable.allCases.map(\.rawValue)
        let names: [String]
        switch selection {
        case .measured:
            names = Self.ordered(recorded)
        case .all:
            names = Self.ordered(recorded.union(published))
        case .table(let name):
            guard recorded.contains(name) || published.contains(name) else {
                throw .unknownTable(name, known: Self.ordered(recorded.union(published)))
            }
            names = [name]
        }
        self.storePath = storePath
        self.curves = curves
        tables = names.flatMap { name in
            TableReport.tables(
                name, jobs: jobs.filter { $0.job.listing.table == name },
                showsAll: selection != .measured)
        }
    }

    /// Published tables in their own order, then the others by name.
    private static func ordered(_ names: Set<String>) -> [String] {
        let published = ReportTable.allCases.map(\.rawValue).filter(names.contains)
        return published + names.subtracting(published).sorted()
    }
}

/// Why there is no report.
public enum ReportError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownTable(String, known: [String])

    public var description: String {
        switch self {
        case .unknownTable(let name, let known):
            """
            there is no table "\(name)": no job belongs to it and none of that name was \
            published. There are: \(known.joined(separator: ", ")).
            """
        }
    }
}

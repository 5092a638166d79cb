public import Datasets

/// All jobs of one spec: the grid times the seeds, in a fixed order.
///
/// The axis that is written first changes slowest, variants come one after the other, and the
/// seeds of a cell stand next to each other.
public struct Experiment: Hashable, Sendable, Codable {
    /// The spec's path as it was given.
    public let specificationPath: String
    /// The file's name without its ending.
    public let title: String
    public let jobs: [JobSpecification]
    /// What differs between the jobs besides the seed.
    public let axes: [Axis]
    /// The data folders that the spec names, unresolved.
    public let dataRoots: [DatasetName: DataRoot]

    /// One thing that varies over the grid, with its values in the order in which they appear.
    public struct Axis: Hashable, Sendable, Codable {
        public let field: JobField
        public let values: [String]

        public init(field: JobField, values: [String]) {
            self.field = field
            self.values = values
        }
    }

    public init(
        specificationPath: String, jobs: [JobSpecification],
        dataRoots: [DatasetName: DataRoot] = [:]
    ) {
        self.specificationPath = specificationPath
        self.jobs = jobs
        self.dataRoots = dataRoots
        title = Self.title(of: specificationPath)
        axes = Self.axes(of: jobs)
    }

    private static func title(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.hasSuffix(".spec") ? String(name.dropLast(".spec".count)) : name
    }

    private static func axes(of jobs: [JobSpecification]) -> [Axis] {
        JobField.allCases.compactMap { field in
            guard field.namesCells, !jobs.allSatisfy(field.isImplied(in:)) else { return nil }
            let values = distinct(jobs.lazy.map { field.text(of: $0) })
            return values.count > 1 ? Axis(field: field, values: values) : nil
        }
    }

    private static func distinct(_ texts: some Sequence<String>) -> [String] {
        var seen: Set<String> = []
        var last: String?
        return texts.filter { text in
            // Neighbours are mostly equal; a comparison is cheaper than a hash.
            if text == last { return false }
            last = text
            return seen.insert(text).inserted
        }
    }

    /// The two-step trial of every cell, each with its first seed.
    public var smokeTrial: Experiment {
        var cells: Set<JobSpecification> = []
        let trials = jobs.filter { cells.insert($0.with(seed: 0)).inserted }.map(\.smokeTrial)
        return Experiment(
            specificationPath: specificationPath, jobs: trials, dataRoots: dataRoots)
    }
}

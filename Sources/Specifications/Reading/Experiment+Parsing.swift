extension Experiment {
    /// Reads a spec and spreads its grid.
    ///
    /// - Parameters:
    ///   - text: the YAML document.
    ///   - path: the file it comes from, for messages and records.
    ///   - overrides: `PATH=YAML` each; they replace what stands at the path in the document and
    ///     in every variant, an axis included, before the grid is spread.
    ///   - seeds: the seeds to use in place of the document's.
    /// - Throws: ``SpecificationError`` with every mistake of the text and the overrides.
    public init(
        parsing text: String, path: String, overrides: [String] = [], seeds: [Int]? = nil
    ) throws(SpecificationError) {
        var reader = ExperimentReader(SourceText(name: path, text: text), seeds: seeds)
        self = try reader.read(overrides: overrides)
    }
}

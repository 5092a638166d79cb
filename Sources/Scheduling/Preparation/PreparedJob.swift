public import Datasets
public import Models
import Optimizers
public import Records
public import Specifications
import Tensors
public import Training

/// A job with everything that running and recording it needs.
public struct PreparedJob: Hashable, Sendable {
    public let specification: JobSpecification
    /// The digest of everything that can change the result.
    public let id: String
    public let listing: JobListing
    public let backend: BackendName
    /// The folder of the data; nil where the program draws them.
    public let dataRoot: String?
    /// Where packed caches of photos are kept; nil to decode photos each time.
    public let cacheFolder: String?
    /// The weights to start from; nil for none.
    let weights: WeightsSource?
    /// Optimizer steps from start to end, if no photo has to be skipped: that shows when they are
    /// read.
    public let stepCount: Int
    let cell: JobPreparation.Cell
    let evidence: JobEvidence
    let context: JobIdentifier.Context

    /// As it is registered.
    public func row() throws -> JobRow {
        JobRow(
            id: id, cell: cell.id, row: cell.row, seed: specification.seed,
            specification: try WorkerCoding.line(specification.withoutNames),
            settings: specification.settings(backend: backend), evidence: evidence,
            listing: listing, canonical: canonicalForm)
    }

    /// The text that the id is the digest of.
    var canonicalForm: String { specification.canonicalForm(in: context) }
}

/// Turns experiments into jobs that can run: finds the data, names the jobs, decides the backend.
public struct JobPreparation {
    let options: PreparationOptions
    private var sources: [SourceKey: DataSource] = [:]
    private var weightsSources: [String: WeightsSource] = [:]

    /// What the jobs of a cell share.
    struct Cell: Hashable, Sendable {
        let id: String
        let row: String
    }

    /// Neighbours mostly differ in the seed alone.
    private var lastCell: (job: JobSpecification, context: JobIdentifier.Context, cell: Cell)?

    private struct SourceKey: Hashable {
        let settings: DatasetSettings
        let root: String?
        let isSmoke: Bool
    }

    public init(_ options: PreparationOptions) { self.options = options }

    /// Prepares every job of an experiment.
    ///
    /// - Throws: ``DatasetError`` and ``DataRootError`` where data are missing or do not fit,
    ///   ``WeightsError`` and its like for weights to start from.
    public mutating func prepare(_ experiment: Experiment) throws -> [PreparedJob] {
        let labels = experiment.labels(withoutMode: true)
        var positions: [String: Int] = [:]
        return try experiment.jobs.indices.map { index in
            let job = experiment.jobs[index]
            let position = positions[labels[index]] ?? positions.count
            positions[labels[index]] = position
            return try prepare(
                job, label: labels[index], position: position, experiment: experiment)
        }
    }

    private mutating func prepare(
        _ written: JobSpecification, label: String, position: Int, experiment: Experiment
    ) throws -> PreparedJob {
        let root = try dataRoot(of: written, in: experiment)
        let source = try source(of: written, root: root)
        let job = try source.completed(written)
        let provenance = source.provenance
        let backend = options.backend(for: job)
        let weights = try weights(of: job, spec: experiment.specificationPath)
        let context = JobIdentifier.Context(
            backend: backend.rawValue, datasetIdentity: provenance.identity,
            weightsDigest: weights?.digest)
        guard job.batchSize <= source.trainingCount else {
            throw DatasetError.batchLargerThanDataset(
                batchSize: job.batchSize, count: source.trainingCount)
        }
        return PreparedJob(
            specification: job, id: job.identifier(in: context).hexadecimal,
            listing: JobListing(
                table: job.table ?? experiment.title, spec: experiment.specificationPath,
                label: label, deviation: options.deviation(provenance),
                arguments: options.arguments, position: position),
            backend: backend, dataRoot: root, cacheFolder: options.cacheFolder, weights: weights,
            stepCount: job.epochs * job.stepsPerEpoch(of: source.trainingCount),
            cell: try cell(of: job, context, weights),
            evidence: JobEvidence(
                smoke: job.smoke, synthetic: provenance.isSynthetic, subset: provenance.isSubset),
            context: context)
    }

    private mutating func cell(
        of job: JobSpecification, _ context: JobIdentifier.Context, _ weights: WeightsSource?
    ) throws -> Cell {
        let unseeded = job.with(seed: 0)
        if let lastCell, lastCell.job == unseeded, lastCell.context == context {
            return lastCell.cell
        }
        if options.needsData { try weights?.check(fit: job) }
        let cell = Cell(
            id: job.cellIdentifier(in: context).hexadecimal,
            row: job.rowIdentifier(in: context).hexadecimal)
        lastCell = (unseeded, context, cell)
        return cell
    }

    /// The folder of a job's data: the command line's, else the spec's.
    private func dataRoot(of job: JobSpecification, in experiment: Experiment) throws -> String? {
        if job.smoke { return nil }
        if let path = options.dataRoots[job.dataset.name] { return path }
        if let root = experiment.dataRoots[job.dataset.name] {
            return try root.resolved(environment: options.environment)
        }
        return nil
    }

    mutating func weightsSource(_ path: String) throws -> WeightsSource {
        if let known = weightsSources[path] { return known }
        let source = try WeightsSource(path: path)
        weightsSources[path] = source
        return source
    }

    private mutating func source(of job: JobSpecification, root: String?) throws -> DataSource {
        let key = SourceKey(settings: job.dataset, root: root, isSmoke: job.smoke)
        if let known = sources[key] { return known }
        let source =
            root == nil && !options.needsData
            ? DataSource(official: job) : try DataSource(job, root: root)
        if options.needsData { try source.location?.check() }
        sources[key] = source
        return source
    }
}

/// What the command line says about preparing jobs.
public struct PreparationOptions: Sendable {
    /// Folders given as `--data NAME=PATH`.
    public let dataRoots: [DatasetName: String]
    /// The folder given as `--cache`.
    public let cacheFolder: String?
    /// Files to start from, given as `--weights BACKBONE=PATH`.
    public let weights: [Backbone: String]
    public let environment: [String: String]
    /// Whether jobs are about to run; plans need no data.
    public let needsData: Bool
    /// The backend asked for; nil to choose.
    public let backend: BackendName?
    /// The overrides, `PATH=YAML` each.
    public let overrides: [String]
    /// The options that repeat the jobs, besides spec and seeds.
    public let arguments: [String]

    public init(
        dataRoots: [DatasetName: String], cacheFolder: String? = nil,
        weights: [Backbone: String] = [:], environment: [String: String], needsData: Bool,
        backend: BackendName?, overrides: [String], arguments: [String]
    ) {
        self.dataRoots = dataRoots
        self.cacheFolder = cacheFolder
        self.weights = weights
        self.environment = environment
        self.needsData = needsData
        self.backend = backend
        self.overrides = overrides
        self.arguments = arguments
    }

    func backend(for job: JobSpecification) -> BackendName { backend ?? job.standardBackend }

    /// How jobs depart from what their spec file says; nil when they do not. Which arms and seeds
    /// are run is no departure.
    func deviation(_ provenance: Provenance) -> String? {
        let changes = overrides.filter { override in
            let path = override.prefix { $0 != "=" }
            return !["gc", "seeds", "threads", "table"].contains(path)
        }
        let parts =
            (provenance.isSubset ? ["subset of \(provenance.name.facts.title)"] : []) + changes
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}

extension JobSpecification {
    fileprivate func settings(backend: BackendName) -> JobSettings {
        JobSettings(
            dataset: dataset.name.rawValue, backbone: backbone.rawValue + head.suffix,
            normalization: normalization.setting,
            optimizer: JobField.optimizer.text(of: self), gc: gradientCentralization.rawValue,
            precision: precision.rawValue, backend: backend.rawValue,
            threads: threads.description, epochs: epochs)
    }
}

extension Normalization {
    /// As the published rows are matched: `bn`, `gn(32)`, `bn+ws`.
    fileprivate var setting: String {
        let suffix = standardizesWeights ? "+ws" : ""
        return switch kind {
        case .group(let groups): "\(name.rawValue)(\(groups))\(suffix)"
        case .batch, .layer, .instance, .frozenBatch, .none: name.rawValue + suffix
        }
    }
}

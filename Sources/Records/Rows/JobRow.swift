/// A job as it is registered: what is asked for, and where it is shown.
public struct JobRow: Hashable, Sendable {
    /// The digest of everything that can change the result.
    public let id: String
    /// The digest of everything but the seed: jobs of one cell are averaged.
    public let cell: String
    /// The digest of everything but the seed and the GC mode: cells of one row are compared.
    public let row: String
    public let seed: Int
    /// The canonical specification, a JSON document.
    public let specification: String
    public let settings: JobSettings
    /// What separates this job's numbers from those of the real experiment.
    public let evidence: JobEvidence
    public let listing: JobListing
    /// The text that the id is the digest of; nil where an older version registered the job.
    public let canonical: String?

    public init(
        id: String, cell: String, row: String, seed: Int, specification: String,
        settings: JobSettings, evidence: JobEvidence, listing: JobListing,
        canonical: String? = nil
    ) {
        self.id = id
        self.cell = cell
        self.row = row
        self.seed = seed
        self.specification = specification
        self.settings = settings
        self.evidence = evidence
        self.listing = listing
        self.canonical = canonical
    }
}

/// The settings that tables are read by, as they are written in specs.
public struct JobSettings: Hashable, Sendable {
    public let dataset: String
    public let backbone: String
    public let normalization: String
    public let optimizer: String
    /// `none`, `gc`, `gcc`, …; `none` is the control arm.
    public let gc: String
    public let precision: String
    public let backend: String
    /// Compute threads as written: `auto` or a number.
    public let threads: String
    public let epochs: Int

    public init(
        dataset: String, backbone: String, normalization: String, optimizer: String, gc: String,
        precision: String, backend: String, threads: String, epochs: Int
    ) {
        self.dataset = dataset
        self.backbone = backbone
        self.normalization = normalization
        self.optimizer = optimizer
        self.gc = gc
        self.precision = precision
        self.backend = backend
        self.threads = threads
        self.epochs = epochs
    }
}

/// Whether a job's numbers are those of the real experiment.
public struct JobEvidence: Hashable, Sendable {
    /// Two steps on drawn images: proves that the path works, nothing else.
    public let smoke: Bool
    /// Trained on images that the program drew.
    public let synthetic: Bool
    /// Trained on data that differ from the official set.
    public let subset: Bool

    public init(smoke: Bool = false, synthetic: Bool = false, subset: Bool = false) {
        self.smoke = smoke
        self.synthetic = synthetic
        self.subset = subset
    }
}

/// Where a job is shown. It may be listed in several tables; in one table it is listed once.
public struct JobListing: Hashable, Sendable {
    /// A published table's name, or any other.
    public let table: String
    /// The spec file, as named on the command line.
    public let spec: String
    /// The row's label: what distinguishes it in the table, without seed and GC mode.
    public let label: String
    /// How the job departs from the table's protocol; nil when it does not.
    public let deviation: String?
    /// The options beside spec and seeds that repeat it, such as `["--set", "epochs=5"]`.
    public let arguments: [String]
    /// The place of its row in the table.
    public let position: Int

    public init(
        table: String, spec: String, label: String, deviation: String? = nil,
        arguments: [String] = [], position: Int = 0
    ) {
        self.table = table
        self.spec = spec
        self.label = label
        self.deviation = deviation
        self.arguments = arguments
        self.position = position
    }
}

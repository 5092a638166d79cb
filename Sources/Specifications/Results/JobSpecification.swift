public import Models
public import Optimizers
public import Tensors

/// One training job: every choice that can change its result, and what names its row.
///
/// Defaults are filled in, so two specs that mean the same make equal jobs. `table`, `label` and
/// the paths of data change no result and stay out of the identifier.
public struct JobSpecification: Hashable, Sendable, Codable {
    /// The table that the row belongs to; a published table's name adds its figures.
    public var table: String?
    /// The row's name as the spec gives it; nil to name it after what varies.
    public var label: String?
    public var dataset: DatasetSettings
    public var augmentation: AugmentationChoice
    public var backbone: Backbone
    public var stem: Stem
    /// Which convolution of a bottleneck has the stride.
    public var stridePlace: StridePlace
    /// What turns the last features into the vector that is classified.
    public var head: Head
    public var normalization: Normalization
    public var initialization: Initialization
    /// The weights to start from, where it does not start from its initialization alone.
    public var pretrained: PretrainedWeights?
    public var optimizer: OptimizerSettings
    public var gradientCentralization: GradientCentralizationMode
    /// ε in [0, 1): the share of each target that is spread over all classes.
    public var labelSmoothing: Double
    public var schedule: Schedule
    /// Parameters that are trained in another way than the optimizer says.
    public var parameterGroups: [ParameterGroup]
    /// What the published script does besides.
    public var quirks: ProtocolQuirks
    public var epochs: Int
    public var batchSize: Int
    public var evaluationBatchSize: Int
    public var batching: Batching
    public var validation: ValidationImages
    /// float32, bfloat16 or float64; whether a backend has it is the backend's to say.
    public var precision: ScalarType
    public var threads: ThreadCount
    public var seed: Int
    /// Whether this is a two-step trial on a drawn stand-in.
    public var smoke: Bool

    public init(
        table: String? = nil, label: String? = nil, dataset: DatasetSettings,
        augmentation: AugmentationChoice = .standard, backbone: Backbone, stem: Stem,
        stridePlace: StridePlace = .threeByThree, normalization: Normalization = .batch,
        initialization: Initialization = .torch,
        pretrained: PretrainedWeights? = nil,
        optimizer: OptimizerSettings, gradientCentralization: GradientCentralizationMode = .none,
        labelSmoothing: Double = 0, schedule: Schedule = Schedule(.constant), epochs: Int,
        batchSize: Int, evaluationBatchSize: Int, precision: ScalarType = .float32,
        threads: ThreadCount = .automatic, parameterGroups: [ParameterGroup] = [],
        quirks: ProtocolQuirks = .none, head: Head = .averagePooling, batching: Batching = .plain,
        validation: ValidationImages = .none, seed: Int = 0, smoke: Bool = false
    ) {
        self.table = table
        self.label = label
        self.dataset = dataset
        self.augmentation = augmentation
        self.backbone = backbone
        self.stem = stem
        self.stridePlace = stridePlace
        self.head = head
        self.normalization = normalization
        self.initialization = initialization
        self.pretrained = pretrained
        self.optimizer = optimizer
        self.gradientCentralization = gradientCentralization
        self.labelSmoothing = labelSmoothing
        self.schedule = schedule
        self.parameterGroups = parameterGroups
        self.quirks = quirks
        self.epochs = epochs
        self.batchSize = batchSize
        self.evaluationBatchSize = evaluationBatchSize
        self.batching = batching
        self.validation = validation
        self.precision = precision
        self.threads = threads
        self.seed = seed
        self.smoke = smoke
    }
}

extension KeyedDecodingContainer {
    /// Jobs that were recorded before there was a choice had torchvision's place.
    func decode(_ type: StridePlace.Type, forKey key: Key) throws -> StridePlace {
        try decodeIfPresent(type, forKey: key) ?? .threeByThree
    }

    /// Jobs that were recorded before there were quirks have none.
    func decode(_ type: ProtocolQuirks.Type, forKey key: Key) throws -> ProtocolQuirks {
        try decodeIfPresent(type, forKey: key) ?? .none
    }
}

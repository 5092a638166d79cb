internal import Models
internal import Optimizers
internal import Tensors

/// A job while its settings are gathered.
struct JobDraft {
    private var table: String?
    private var label: String?
    private var dataset: DatasetSettings?
    private var augmentation = AugmentationChoice.standard
    private var backbone: Backbone?
    private var stridePlace = StridePlace.threeByThree
    private var stem: Stem?
    private var head = Head.averagePooling
    private var normalization: Normalization?
    private var initialization = Initialization.torch
    private var pretrained: PretrainedWeights?
    private var optimizer: OptimizerSettings?
    private var gradientCentralization = GradientCentralizationMode.none
    private var labelSmoothing = 0.0
    private var schedule = Schedule(.constant)
    private var parameterGroups: [ParameterGroup] = []
    private var quirks = ProtocolQuirks.none
    private var epochs: Int?
    private var batchSize: Int?
    private var evaluationBatchSize: Int?
    private var batching = Batching.plain
    private var validation = ValidationImages.none
    private var precision = ScalarType.float32
    private var threads = ThreadCount.automatic

    mutating func apply(_ setting: Setting) {
        switch setting {
        case .table(let value): table = value
        case .label(let value): label = value
        case .dataset(let value): dataset = value
        case .augmentation(let value): augmentation = value
        case .backbone(let value, let place):
            backbone = value
            stridePlace = place
        case .stem(let value): stem = value
        case .head(let value): head = value
        case .normalization(let value): normalization = value
        case .initialization(let value): initialization = value
        case .pretrained(let value): pretrained = value
        case .optimizer(let value, let mode):
            optimizer = value
            if let mode { gradientCentralization = mode }
        case .gradientCentralization(let value): gradientCentralization = value
        case .labelSmoothing(let value): labelSmoothing = value
        case .schedule(let value): schedule = value
        case .parameterGroups(let value): parameterGroups = value
        case .quirks(let value): quirks = value
        case .epochs(let value): epochs = value
        case .batchSize(let value): batchSize = value
        case .evaluationBatchSize(let value): evaluationBatchSize = value
        case .replicas(let value): batching.replicas = value
        case .dropLast(let value): batching.dropsLast = value
        case .validation(let value): validation.count = value
        case .precision(let value): precision = value
        case .threads(let value): threads = value
        }
    }

    /// The job, with the defaults that follow from other settings; nil if a required one is
    /// missing.
    var job: JobSpecification? {
        guard let dataset, let backbone, let optimizer, let epochs, let batchSize else {
            return nil
        }
        return JobSpecification(
            table: table, label: label, dataset: dataset, augmentation: augmentation,
            backbone: backbone, stem: stem ?? Stem(defaultFor: dataset.name),
            stridePlace: stridePlace,
            normalization: normalization ?? backbone.publishedNormalization,
            initialization: initialization, pretrained: pretrained, optimizer: optimizer,
            gradientCentralization: gradientCentralization, labelSmoothing: labelSmoothing,
            schedule: schedule, epochs: epochs, batchSize: batchSize,
            evaluationBatchSize: evaluationBatchSize ?? batchSize, precision: precision,
            threads: threads, parameterGroups: parameterGroups, quirks: quirks, head: head,
            batching: batching, validation: validation)
    }
}

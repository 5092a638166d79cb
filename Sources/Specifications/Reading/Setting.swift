internal import Datasets
internal import Models
internal import Optimizers
internal import Tensors

/// What one key of the document decides about a job.
enum Setting: Hashable {
    case table(String)
    case label(String)
    case dataset(DatasetSettings)
    case augmentation(Augmentation)
    case backbone(Backbone)
    case stem(Stem)
    case normalization(Normalization)
    case initialization(Initialization)
    /// A published class name decides the mode as well.
    case optimizer(OptimizerSettings, GradientCentralizationMode?)
    case gradientCentralization(GradientCentralizationMode)
    case labelSmoothing(Double)
    case schedule(Schedule)
    case epochs(Int)
    case batchSize(Int)
    case evaluationBatchSize(Int)
    case precision(ScalarType)
    case threads(ThreadCount)

    /// The setting that a checked value stands for; nil where it decides nothing about a job.
    init?(_ key: SpecificationKey, _ value: SpecificationValue) {
        guard let setting = Self.setting(key, value) else { return nil }
        self = setting
    }

    /// One line per key of the document: a key that is added must say here what it decides.
    private static func setting(_ key: SpecificationKey, _ value: SpecificationValue) -> Setting? {
        switch key {
        case .table: value.text.map(table)
        case .label: value.text.map(label)
        case .dataset: value.map.flatMap(DatasetSettings.init).map(dataset)
        case .augmentation: value.name().map(augmentation)
        case .backbone: value.name().map(backbone)
        case .stem: value.name().map(stem)
        case .normalization: value.map.flatMap(Normalization.init).map(normalization)
        case .initialization: value.name().map(initialization)
        case .optimizer: value.map.flatMap(optimizer)
        case .gradientCentralization: value.name().map(gradientCentralization)
        case .labelSmoothing: value.number.map(labelSmoothing)
        case .schedule: value.map.flatMap(Schedule.init).map(schedule)
        case .epochs: value.integer.map(epochs)
        case .batchSize: value.integer.map(batchSize)
        case .evaluationBatchSize: value.integer.map(evaluationBatchSize)
        case .precision: value.name().map(precision)
        case .threads: .threads(value.integer.map(ThreadCount.count) ?? .automatic)
        case .seeds, .variants, .name, .root, .train, .test, .groups, .learningRate, .momentum,
            .dampening, .weightDecay, .nesterov, .every, .factor, .milestones, .final,
            .warmUpEpochs, .warmUpStart:
            nil
        }
    }

    private static func optimizer(_ map: [SpecificationKey: PlacedValue]) -> Setting? {
        let published = map.text(.name).flatMap(PublishedOptimizerClass.init)
        return OptimizerSettings(map).map { .optimizer($0, published?.gradientCentralization) }
    }
}

// Maps to values. nil means that a key is missing where variants may still give it.

extension DatasetSettings {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        guard let name = map.text(.name).flatMap(DatasetName.init) else { return nil }
        let standard = DatasetSettings(defaultsOf: name)
        self.init(
            name: name, trainCount: standard.trainCount.map { map.integer(.train) ?? $0 },
            testCount: standard.testCount.map { map.integer(.test) ?? $0 })
    }
}

extension Normalization {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        switch map.text(.name).flatMap(Name.init) {
        case .bn: self = .batch
        case .gn: self = .group(groups: map.integer(.groups) ?? Self.defaultGroups)
        case nil: return nil
        }
    }
}

extension Schedule {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        guard let decay = Decay(map), let warmUpEpochs = map.number(.warmUpEpochs),
            let warmUpStart = map.number(.warmUpStart)
        else { return nil }
        // Without warm-up there is no start of it to tell apart.
        self.init(
            decay, warmUpEpochs: warmUpEpochs, warmUpStart: warmUpEpochs > 0 ? warmUpStart : 0)
    }
}

extension Schedule.Decay {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        switch map.text(.name).flatMap(Schedule.Name.init) {
        case .constant: self = .constant
        case .step:
            guard let every = map.integer(.every), let factor = map.number(.factor) else {
                return nil
            }
            self = .step(every: every, factor: factor)
        case .milestones:
            guard let epochs = map.list(.milestones), let factor = map.number(.factor) else {
                return nil
            }
            self = .milestones(epochs, factor: factor)
        case .cosine:
            guard let final = map.number(.final) else { return nil }
            self = .cosine(final: final)
        case nil: return nil
        }
    }
}

extension OptimizerSettings {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        guard let text = map.text(.name), let learningRate = map.number(.learningRate),
            let name = OptimizerName(rawValue: text)
                ?? PublishedOptimizerClass(rawValue: text)?.optimizer,
            let momentum = map.number(.momentum), let dampening = map.number(.dampening),
            let weightDecay = map.number(.weightDecay), let nesterov = map.boolean(.nesterov)
        else { return nil }
        self.init(
            name: name, learningRate: learningRate, momentum: momentum, dampening: dampening,
            weightDecay: weightDecay, nesterov: nesterov)
    }
}

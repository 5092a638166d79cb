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
        let setting: Setting? =
            switch value {
            case .text(let text): Self.named(key, text)
            case .integer(let value): Self.counted(key, value)
            case .number(let value): key == .labelSmoothing ? .labelSmoothing(value) : nil
            case .map(let map): Self.mapped(key, map)
            case .boolean, .list: nil
            }
        guard let setting else { return nil }
        self = setting
    }

    private static func named(_ key: SpecificationKey, _ text: String) -> Setting? {
        switch key {
        case .table: .table(text)
        case .label: .label(text)
        case .augmentation: Augmentation(rawValue: text).map(augmentation)
        case .backbone: Backbone(rawValue: text).map(backbone)
        case .stem: Stem(rawValue: text).map(stem)
        case .initialization: Initialization(rawValue: text).map(initialization)
        case .gradientCentralization:
            GradientCentralizationMode(rawValue: text).map(gradientCentralization)
        case .precision: ScalarType(rawValue: text).map(precision)
        case .threads: .threads(.automatic)
        default: nil
        }
    }

    private static func counted(_ key: SpecificationKey, _ value: Int) -> Setting? {
        switch key {
        case .epochs: .epochs(value)
        case .batchSize: .batchSize(value)
        case .evaluationBatchSize: .evaluationBatchSize(value)
        case .threads: .threads(.count(value))
        default: nil
        }
    }

    private static func mapped(
        _ key: SpecificationKey, _ map: [SpecificationKey: PlacedValue]
    ) -> Setting? {
        switch key {
        case .dataset: DatasetSettings(map).map(dataset)
        case .normalization: Normalization(map).map(normalization)
        case .schedule: Schedule(map).map(schedule)
        case .optimizer:
            OptimizerSettings(map).map { settings in
                let published = map.text(.name).flatMap(PublishedOptimizerClass.init)
                return .optimizer(settings, published?.gradientCentralization)
            }
        default: nil
        }
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

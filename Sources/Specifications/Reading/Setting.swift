internal import Datasets
internal import Models
internal import Optimizers
internal import Tensors

/// What one key of the document decides about a job.
enum Setting: Hashable {
    case table(String)
    case label(String)
    case dataset(DatasetSettings)
    case augmentation(AugmentationChoice)
    case backbone(Backbone, StridePlace)
    case stem(Stem)
    case head(Head)
    case normalization(Normalization)
    case initialization(Initialization)
    case pretrained(PretrainedWeights)
    /// A published class name decides the mode as well.
    case optimizer(OptimizerSettings, GradientCentralizationMode?)
    case gradientCentralization(GradientCentralizationMode)
    case labelSmoothing(Double)
    case schedule(Schedule)
    case parameterGroups([ParameterGroup])
    case quirks(ProtocolQuirks)
    case epochs(Int)
    case batchSize(Int)
    case evaluationBatchSize(Int)
    case replicas(Int)
    case dropLast(Bool)
    case validation(Int)
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
        case .backbone: value.map.flatMap(backbone)
        case .stem: value.name().map(stem)
        case .head: value.map.flatMap(Head.init).map(head)
        case .normalization: value.map.flatMap(Normalization.init).map(normalization)
        case .initialization: value.name().map(initialization)
        case .pretrained: value.map.flatMap(PretrainedWeights.init).map(pretrained)
        case .optimizer: value.map.flatMap(optimizer)
        case .gradientCentralization: value.name().map(gradientCentralization)
        case .labelSmoothing: value.number.map(labelSmoothing)
        case .schedule: value.map.flatMap(Schedule.init).map(schedule)
        case .parameterGroups:
            value.maps.map { .parameterGroups($0.compactMap { ParameterGroup($0.value) }) }
        case .quirks:
            value.texts.map { .quirks(ProtocolQuirks($0.compactMap(ProtocolQuirk.init))) }
        case .epochs: value.integer.map(epochs)
        case .batchSize: value.integer.map(batchSize)
        case .evaluationBatchSize: value.integer.map(evaluationBatchSize)
        case .replicas: value.integer.map(replicas)
        case .dropLast: value.boolean.map(dropLast)
        case .validation: value.integer.map(validation)
        case .precision: value.name().map(precision)
        case .threads: .threads(value.integer.map(ThreadCount.count) ?? .automatic)
        case .seeds, .variants, .name, .root, .path, .digest, .replaceClassifier, .train, .test, .dimension, .iterations,
            .groups, .weightStandardization, .strideIn, .learningRate, .momentum,
            .dampening, .weightDecay, .nesterov, .convention, .betas, .epsilon, .rho, .amsgrad,
            .centered, .initialAccumulator, .learningRateDecay, .lookahead, .lookaheadShare,
            .clipNorm, .parameters, .frozen, .learningRateFactor, .scheduled, .every, .factor,
            .milestones, .final, .power, .rise, .start, .per, .warmUpEpochs, .warmUpIterations,
            .warmUpStart, .warmUpPer:
            nil
        }
    }

    private static func backbone(_ map: [SpecificationKey: PlacedValue]) -> Setting? {
        guard let name = map.text(.name).flatMap(Backbone.init) else { return nil }
        return .backbone(name, map.name(.strideIn) ?? .threeByThree)
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

extension PretrainedWeights {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        guard let path = map.text(.path) else { return nil }
        self.init(
            path: path, digest: map.text(.digest)?.lowercased(),
            replacesClassifier: map.boolean(.replaceClassifier) ?? false)
    }
}

extension Head {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        let dimension = map.integer(.dimension) ?? Self.defaultDimension
        switch map.text(.name).flatMap(Name.init) {
        case .gap: self = .averagePooling
        case .fastMPN:
            self = .fastMPN(
                dimension: dimension,
                iterations: map.integer(.iterations) ?? Self.defaultIterations)
        case .dropCov: self = .dropCov(dimension: dimension)
        case nil: return nil
        }
    }
}

extension Normalization {
    fileprivate init?(_ map: [SpecificationKey: PlacedValue]) {
        let kind: Kind
        switch map.text(.name).flatMap(Name.init) {
        case .bn: kind = .batch
        case .gn: kind = .group(groups: map.integer(.groups) ?? Self.defaultGroups)
        case .ln: kind = .layer
        case .in: kind = .instance
        case .frozenBn: kind = .frozenBatch
        case .some(.none): kind = .none
        case nil: return nil
        }
        self.init(kind, standardizesWeights: map.boolean(.weightStandardization) ?? false)
    }
}

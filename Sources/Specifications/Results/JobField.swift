internal import Datasets
internal import Models
internal import Optimizers
internal import Tensors

/// The fields of a job in the order in which a label names them; the raw value is the name.
public enum JobField: String, Hashable, Sendable, Codable, CaseIterable {
    case dataset
    case trainCount = "train"
    case testCount = "test"
    case augmentation
    case backbone
    case stem
    case stridePlace = "stride_in"
    case head
    case normalization
    case initialization
    case pretrained
    case optimizer
    case learningRate = "learning_rate"
    case momentum
    case dampening
    case weightDecay = "weight_decay"
    case nesterov
    case convention
    case betas
    case epsilon
    case rho
    case amsgrad
    case centered
    case initialAccumulator = "initial_accumulator"
    case learningRateDecay = "learning_rate_decay"
    case lookahead
    case lookaheadShare = "lookahead_share"
    case clipNorm = "clip_norm"
    case parameterGroups = "parameter_groups"
    case quirks
    case gradientCentralization = "gc"
    case labelSmoothing = "label_smoothing"
    case schedule
    case epochs
    case batchSize = "batch_size"
    case evaluationBatchSize = "evaluation_batch_size"
    case replicas
    case dropLast = "drop_last"
    case validation
    case precision
    case threads
    case seed
    case smoke

    /// Whether the field tells rows of a table apart; the seed tells samples of one row apart.
    var namesCells: Bool { self != .seed }

    /// Whether the field follows from others, so that naming it would say nothing new.
    func isImplied(in job: JobSpecification) -> Bool {
        switch self {
        case .trainCount, .testCount: job.dataset == DatasetSettings(defaultsOf: job.dataset.name)
        case .stem: job.stem == Stem(defaultFor: job.dataset.name)
        case .stridePlace: job.stridePlace == .threeByThree
        case .evaluationBatchSize: job.evaluationBatchSize == job.batchSize
        case .convention: job.optimizer.convention == job.optimizer.name.conventions.first
        case .betas: job.optimizer.betas == job.optimizer.standard.betas
        case .epsilon: job.optimizer.epsilon == job.optimizer.standard.epsilon
        case .rho: job.optimizer.rho == job.optimizer.standard.rho
        case .initialAccumulator:
            job.optimizer.initialAccumulator == job.optimizer.standard.initialAccumulator
        case .lookahead: job.optimizer.lookahead == job.optimizer.standard.lookahead
        case .dataset, .augmentation, .backbone, .head, .normalization, .initialization,
            .pretrained,
            .optimizer,
            .learningRate, .momentum, .dampening, .weightDecay, .nesterov, .amsgrad, .centered,
            .learningRateDecay, .lookaheadShare, .clipNorm, .parameterGroups, .quirks,
            .gradientCentralization, .labelSmoothing, .schedule, .epochs, .batchSize, .replicas,
            .dropLast, .validation, .precision, .threads, .seed, .smoke:
            false
        }
    }

    /// The field's value as text: shortest round-trip numbers, the spec's own names.
    public func text(of job: JobSpecification) -> String {
        switch self {
        case .dataset: job.dataset.name.rawValue
        case .trainCount: job.dataset.trainCount.map { "\($0)" } ?? "all"
        case .testCount: job.dataset.testCount.map { "\($0)" } ?? "all"
        case .augmentation: job.augmentation.rawValue
        case .backbone: job.backbone.rawValue
        case .stem: job.stem.rawValue
        case .stridePlace: job.stridePlace.rawValue
        case .head: job.head.label
        case .normalization: job.normalization.label
        case .initialization: job.initialization.rawValue
        case .pretrained: job.pretrained?.description ?? "none"
        case .optimizer: job.optimizer.name.rawValue
        case .learningRate: CanonicalNumber.text(job.optimizer.learningRate)
        case .momentum: CanonicalNumber.text(job.optimizer.momentum)
        case .dampening: CanonicalNumber.text(job.optimizer.dampening)
        case .weightDecay: CanonicalNumber.text(job.optimizer.weightDecay)
        case .nesterov: "\(job.optimizer.nesterov)"
        case .convention: job.optimizer.convention.rawValue
        case .betas:
            CanonicalNumber.text(job.optimizer.betas.first) + "/"
                + CanonicalNumber.text(job.optimizer.betas.second)
        case .epsilon: CanonicalNumber.text(job.optimizer.epsilon)
        case .rho: CanonicalNumber.text(job.optimizer.rho)
        case .amsgrad: "\(job.optimizer.amsgrad)"
        case .centered: "\(job.optimizer.centered)"
        case .initialAccumulator: CanonicalNumber.text(job.optimizer.initialAccumulator)
        case .learningRateDecay: CanonicalNumber.text(job.optimizer.learningRateDecay)
        case .lookahead: "\(job.optimizer.lookahead)"
        case .lookaheadShare: CanonicalNumber.text(job.optimizer.lookaheadShare)
        case .clipNorm: CanonicalNumber.text(job.optimizer.clipNorm)
        case .parameterGroups:
            job.parameterGroups.isEmpty
                ? "none" : job.parameterGroups.map(\.description).joined(separator: "; ")
        case .quirks: job.quirks.label
        case .gradientCentralization: job.gradientCentralization.rawValue
        case .labelSmoothing: CanonicalNumber.text(job.labelSmoothing)
        case .schedule: job.schedule.label
        case .epochs: "\(job.epochs)"
        case .batchSize: "\(job.batchSize)"
        case .evaluationBatchSize: "\(job.evaluationBatchSize)"
        case .replicas: "\(job.batching.replicas)"
        case .dropLast: "\(job.batching.dropsLast)"
        case .validation: "\(job.validation.count)"
        case .precision: job.precision.rawValue
        case .threads: job.threads.description
        case .seed: "\(job.seed)"
        case .smoke: "\(job.smoke)"
        }
    }
}

/// Numbers as text that mean the same number wherever they are read.
enum CanonicalNumber {
    /// The shortest decimal that reads back as `value`; whole numbers without a fraction, so that
    /// minus zero is zero, as it is in the arithmetic.
    static func text(_ value: Double) -> String {
        if let whole = Int(exactly: value), whole.magnitude < 1_000_000 { return "\(whole)" }
        return "\(value)"
    }
}

extension Normalization {
    /// `bn`, or `gn32` with its groups; `bn+ws` with weight standardization.
    var label: String {
        let suffix = standardizesWeights ? "+ws" : ""
        return switch kind {
        case .group(let groups): "\(name.rawValue)\(groups)\(suffix)"
        case .batch, .layer, .instance, .frozenBatch, .none: "\(name.rawValue)\(suffix)"
        }
    }
}

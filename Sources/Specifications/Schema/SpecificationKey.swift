/// Every word that may stand before a colon in a spec.
public enum SpecificationKey: String, Hashable, Sendable, CaseIterable {
    case table
    case label
    case dataset
    case augmentation
    case backbone
    case stem
    case head
    case normalization
    case initialization
    case pretrained
    case optimizer
    case gradientCentralization = "gc"
    case labelSmoothing = "label_smoothing"
    case schedule
    case parameterGroups = "parameter_groups"
    case quirks
    case epochs
    case batchSize = "batch_size"
    case evaluationBatchSize = "evaluation_batch_size"
    case replicas
    case dropLast = "drop_last"
    case validation
    case precision
    case threads
    case seeds
    case variants

    // Inside the maps of the keys above.
    case name
    case root
    case path
    case digest
    case replaceClassifier = "replace_classifier"
    case train
    case test
    case dimension
    case iterations
    case groups
    case weightStandardization = "weight_standardization"
    case strideIn = "stride_in"
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
    case parameters
    case frozen
    case learningRateFactor = "learning_rate_factor"
    case scheduled
    case every
    case factor
    case milestones
    case final
    case power
    case rise
    case start
    case per
    case warmUpEpochs = "warm_up_epochs"
    case warmUpIterations = "warm_up_iterations"
    case warmUpStart = "warm_up_start"
    case warmUpPer = "warm_up_per"
}

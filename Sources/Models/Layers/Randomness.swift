public import Graphs

/// What the random numbers of a network's layers depend on, besides their paths.
public struct Randomness {
    /// The job's seed.
    public let seed: UInt64
    /// How many micro-batches the run has trained on before: a scalar that the host writes.
    public let microBatch: Value

    public init(seed: UInt64, microBatch: Value) {
        self.seed = seed
        self.microBatch = microBatch
    }
}

public import Tensors

/// Everything that a job needs to go on as if nothing had happened.
public struct Checkpoint: Hashable, Sendable {
    public let job: String
    /// Optimizer steps taken.
    public let step: Int
    /// What computed it; other engines round differently and cannot go on from here.
    public let engine: String
    /// What the training knows besides tensors, a JSON document of its own.
    public let progress: String
    /// Every variable by path, row-major, whatever its layout in the engine.
    public let tensors: [String: HostTensor]

    public init(
        job: String, step: Int, engine: String, progress: String, tensors: [String: HostTensor]
    ) {
        self.job = job
        self.step = step
        self.engine = engine
        self.progress = progress
        self.tensors = tensors
    }
}

/// The evaluation of a file of weights on the test images of a job.
public struct EvaluationRequest: Hashable, Sendable, Codable {
    public let job: EngineJob
    /// A safetensors or PyTorch file.
    public let weights: String
    /// The folder of the data set; nil where the program draws it.
    public let dataRoot: String?
    public let loaderThreads: Int
    /// A safetensors file to be written with the scores; nil for none.
    public let scores: String?

    public init(
        job: EngineJob, weights: String, dataRoot: String?, loaderThreads: Int, scores: String?
    ) {
        self.job = job
        self.weights = weights
        self.dataRoot = dataRoot
        self.loaderThreads = loaderThreads
        self.scores = scores
    }
}

/// What an evaluation shows.
public struct EvaluationSummary: Hashable, Sendable, Codable {
    /// Where the images come from, for a person.
    public let data: String
    public let count: Int
    /// In percent.
    public let accuracy: Double
    /// In percent; nil for fewer than six classes.
    public let top5Accuracy: Double?
    /// Cross entropy, the mean over all images.
    public let loss: Double
    public let weightsDigest: String
    /// What was done to the file's names, a sentence each.
    public let notes: [String]
}

/// Weights that a job starts from.
public struct PretrainedRequest: Hashable, Sendable, Codable {
    public let path: String
    /// Of the weights that the job was named after.
    public let digest: String

    public init(path: String, digest: String) {
        self.path = path
        self.digest = digest
    }
}

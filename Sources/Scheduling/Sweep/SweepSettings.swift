import Records
public import Specifications
public import SystemPackage

/// What the command line says about running jobs.
public struct SweepSettings: Sendable {
    public let workerExecutable: FilePath
    /// Compute threads of a job whose spec leaves them open.
    public let automaticThreads: Int
    public let loaderThreads: Int
    /// Whether finished jobs are trained again, their old rows kept as superseded.
    public let isFresh: Bool
    public let keepsWeights: Bool
    /// How much training time a crash may cost.
    public let checkpointSeconds: Double
    /// How often a job whose worker crashes is tried again without getting any further.
    public let retryCount: Int
    /// Whether the first failure stops everything.
    public let failsFast: Bool
    /// A JSON object.
    public let machine: String
    public let codeVersion: String

    public init(
        workerExecutable: FilePath, automaticThreads: Int, loaderThreads: Int = 1,
        isFresh: Bool = false, keepsWeights: Bool = false, checkpointSeconds: Double = 30,
        retryCount: Int = 3, failsFast: Bool = false, machine: String, codeVersion: String
    ) {
        self.workerExecutable = workerExecutable
        self.automaticThreads = automaticThreads
        self.loaderThreads = loaderThreads
        self.isFresh = isFresh
        self.keepsWeights = keepsWeights
        self.checkpointSeconds = checkpointSeconds
        self.retryCount = retryCount
        self.failsFast = failsFast
        self.machine = machine
        self.codeVersion = codeVersion
    }

    /// The compute threads that a job gets.
    public func threads(for job: JobSpecification) -> Int {
        switch job.threads {
        case .automatic: automaticThreads
        case .count(let count): count
        }
    }

    func environment(of job: JobSpecification) -> AttemptEnvironment {
        AttemptEnvironment(
            threads: threads(for: job), machine: machine, codeVersion: codeVersion)
    }

    /// How long to wait before a job whose worker crashed is tried again: a quarter of a second,
    /// doubled each time, half a minute at most.
    func delaySeconds(afterCrash number: Int) -> Double {
        min(30, 0.25 * Double(1 << min(number - 1, 10)))
    }
}

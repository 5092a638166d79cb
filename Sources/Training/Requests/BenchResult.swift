/// How fast a job trains, and where the time goes.
public struct BenchResult: Hashable, Sendable, Codable {
    /// Seconds of one step.
    public struct StepSeconds: Hashable, Sendable, Codable {
        public let median: Double
        public let p10: Double
        public let p90: Double
        public let count: Int
    }

    /// One kind of operation.
    public struct Share: Hashable, Sendable, Codable {
        public let kind: String
        /// Seconds of one step, the median over steps.
        public let seconds: Double
        /// Of the whole step.
        public let share: Double
        /// 10⁹ multiply-adds, counted twice, per second; nil for what only moves memory.
        public let gigaflopsPerSecond: Double?
    }

    /// One instruction.
    public struct Slow: Hashable, Sendable, Codable {
        public let scope: String
        public let operation: String
        public let seconds: Double
    }

    public let imagesPerSecond: Double
    public let stepSeconds: StepSeconds
    public let peakResidentBytes: Int
    public let arenaBytes: Int
    public let pageFaultsPerStep: Double
    /// Calls of the allocator in one steady step, ours and the libraries' together.
    public let allocationsPerStep: Double
    public let updateSeconds: Double
    public let breakdown: [Share]
    public let slowest: [Slow]
    public let machine: [String: String]
}

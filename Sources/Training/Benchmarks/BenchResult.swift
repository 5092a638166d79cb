import Graphs

/// How fast a job runs, and where the time goes.
public struct BenchResult: Hashable, Sendable, Codable {
    /// The instructions of one kind, or the writing of the batch (`data`).
    public struct Share: Hashable, Sendable, Codable {
        public let kind: String
        /// Seconds of one step, the sum over instructions of each one's median over steps.
        public let seconds: Double
        /// Multiply-adds of one step; 0 for what only moves memory. They are those of the definition:
        /// where Winograd's algorithm computes a convolution, it multiplies less.
        public let multiplyAdds: Int
        /// Bytes of operands and results, each counted once per instruction.
        public let byteCount: Int
    }

    /// One instruction.
    public struct Slow: Hashable, Sendable, Codable {
        public let scope: String
        public let operation: String
        /// What runs it, such as `jit:avx512_core`; nil where there is no choice.
        public let implementation: String?
        public let seconds: Double
        public let multiplyAdds: Int
    }

    /// The instructions of one operation and implementation that ask for memory.
    public struct Allocator: Hashable, Sendable, Codable {
        public let operation: String
        public let implementation: String?
        public let instructionCount: Int
        /// Of one step, all of these instructions together.
        public let allocations: Double
    }

    public let batchSize: Int
    /// Seconds of every measured step, in order.
    public let stepSeconds: [Double]
    /// From the start of the process to the first step.
    public let startSeconds: Double
    public let peakResidentBytes: Int
    public let arenaBytes: Int
    public let pageFaultsPerStep: Double
    /// Calls of the allocator in one steady step, ours and the libraries' together.
    public let allocationsPerStep: Double
    /// Who makes them, the most frequent first; what is left over is not an instruction's.
    public let allocators: [Allocator]
    public let breakdown: [Share]
    /// The instructions that take longest, the slowest first.
    public let slowest: [Slow]
    public let machine: [String: String]

    /// Seconds of the instructions that update the weights.
    public var updateSeconds: Double {
        breakdown.first { $0.kind == Graphs.Operation.Kind.update.rawValue }?.seconds ?? 0
    }
}

/// What the machine reaches when nothing else is asked of it.
public struct MachinePeaks: Hashable, Sendable, Codable {
    /// 10⁹ operations per second of a large matrix product in the precision of the job; a
    /// multiply-add counts as two.
    public let matrixGigaflopsPerSecond: Double
    /// 10⁹ bytes per second of a large copy, those read and those written together.
    public let copyGigabytesPerSecond: Double

    /// The better of each.
    public func best(with other: MachinePeaks) -> MachinePeaks {
        MachinePeaks(
            matrixGigaflopsPerSecond: max(
                matrixGigaflopsPerSecond, other.matrixGigaflopsPerSecond),
            copyGigabytesPerSecond: max(copyGigabytesPerSecond, other.copyGigabytesPerSecond))
    }
}

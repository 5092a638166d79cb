import Foundation

/// The processors this process may use.
public struct ComputeResources: Hashable, Sendable {
    public let coreCount: Int

    public init(coreCount: Int) {
        precondition(coreCount > 0, "there is always a core")
        self.coreCount = coreCount
    }

    /// What affinity and the control group leave us.
    public static func current() -> ComputeResources {
        let allowed = ProcessInfo.processInfo.activeProcessorCount
        let quota = quotaCount(in: "/sys/fs/cgroup/cpu.max") ?? allowed
        return ComputeResources(coreCount: max(1, min(allowed, quota)))
    }

    /// Whole cores of a control group's quota, "quota period" in microseconds; nil without one.
    static func quotaCount(in path: String) -> Int? {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard numbers.count == 2, numbers[1] > 0 else { return nil }
        return max(1, numbers[0] / numbers[1])
    }

    /// How many jobs of `threads` compute threads run side by side.
    public func slotCount(threadsPerJob threads: Int) -> Int { max(1, coreCount / max(1, threads)) }

    /// What a worker's libraries should be told before they are loaded.
    ///
    /// OpenMP threads that wait sleep soon instead of burning a core that somebody needs: with one
    /// busy neighbour on two cores, a ResNet-8 step of 64 images took 291 ms with the library's own
    /// spinning, 100 ms with a thousand turns and 117 ms with none. OpenBLAS runs one thread at a
    /// time inside our own threads.
    public static func workerEnvironment(threads: Int) -> [String: String] {
        [
            "OMP_NUM_THREADS": "\(threads)", "GOMP_SPINCOUNT": "1000",
            "OPENBLAS_NUM_THREADS": "1",
        ]
    }
}

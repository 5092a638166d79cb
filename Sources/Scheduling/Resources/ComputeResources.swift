import Foundation

/// What jobs may use of this machine.
public struct ComputeResources: Hashable, Sendable {
    public let coreCount: Int
    public let memoryByteCount: Int
    /// The free memory of each GPU, by its index.
    public let gpus: [Int]

    public init(coreCount: Int, memoryByteCount: Int, gpus: [Int] = []) {
        precondition(coreCount > 0, "there is always a core")
        self.coreCount = coreCount
        self.memoryByteCount = memoryByteCount
        self.gpus = gpus
    }

    /// What affinity, the control group and other programs leave us.
    public static func current() -> ComputeResources {
        let group = ControlGroup.current()
        let allowed = ProcessInfo.processInfo.activeProcessorCount
        let memory = min(
            availableByteCount() ?? Int(ProcessInfo.processInfo.physicalMemory),
            group.memoryByteCount ?? .max)
        return ComputeResources(
            coreCount: max(1, min(allowed, group.coreCount ?? allowed)), memoryByteCount: memory)
    }

    /// The kernel's estimate of what can be used without swapping.
    private static func availableByteCount() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8) else {
            return nil
        }
        let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
        let number = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return number.map { $0 * 1024 }
    }

    /// The same machine with other cores: when the user says how many jobs run side by side.
    public func with(coreCount: Int) -> ComputeResources {
        ComputeResources(coreCount: coreCount, memoryByteCount: memoryByteCount, gpus: gpus)
    }

    /// The same machine with these GPUs.
    public func with(gpus: [Int]) -> ComputeResources {
        ComputeResources(coreCount: coreCount, memoryByteCount: memoryByteCount, gpus: gpus)
    }

    /// How many jobs of `threads` compute threads run side by side.
    public func slotCount(threadsPerJob threads: Int) -> Int { max(1, coreCount / max(1, threads)) }

    /// What a worker's libraries should be told before they are loaded.
    ///
    /// OpenMP threads that wait sleep soon instead of burning a core that somebody needs: with one
    /// busy neighbour on two cores, a ResNet-8 step of 64 images took 291 ms with the library's own
    /// spinning, 100 ms with a thousand turns and 117 ms with none. OpenBLAS runs one thread at a
    /// time inside our own threads.
    ///
    /// - Parameter gpu: the only GPU that the worker sees, as this process counts; nil for all.
    public static func workerEnvironment(threads: Int, gpu: Int? = nil) -> [String: String] {
        var environment = [
            "OMP_NUM_THREADS": "\(threads)", "GOMP_SPINCOUNT": "1000",
            "OPENBLAS_NUM_THREADS": "1",
        ]
        if let gpu {
            let visible = ProcessInfo.processInfo.environment["CUDA_VISIBLE_DEVICES"]
            environment["CUDA_DEVICE_ORDER"] = "PCI_BUS_ID"
            environment["CUDA_VISIBLE_DEVICES"] = VisibleGPUs(visible)[gpu]
        }
        return environment
    }
}

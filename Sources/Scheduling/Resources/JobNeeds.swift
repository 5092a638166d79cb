/// What a job takes of a machine while it runs.
public struct JobNeeds: Hashable, Sendable {
    public let coreCount: Int
    public let memoryByteCount: Int
    /// Of one GPU; 0 for a job that computes on the processor.
    public let gpuMemoryByteCount: Int

    public init(coreCount: Int, memoryByteCount: Int, gpuMemoryByteCount: Int = 0) {
        self.coreCount = coreCount
        self.memoryByteCount = memoryByteCount
        self.gpuMemoryByteCount = gpuMemoryByteCount
    }
}

/// Resources that a running job holds.
public struct ResourceLease: Hashable, Sendable {
    let needs: JobNeeds
    /// The GPU that the job was given.
    public let gpu: Int?
}

/// Keeps account of what is free, so that nothing is given out twice.
public struct ResourceLedger: Sendable {
    private var coreCount: Int
    private var memoryByteCount: Int
    private var gpus: [Int]
    private var leaseCount = 0

    public init(_ resources: ComputeResources) {
        coreCount = resources.coreCount
        memoryByteCount = resources.memoryByteCount
        gpus = resources.gpus
    }

    /// Takes what a job needs; nil when it is not free now. On an idle machine a job may have more
    /// cores or memory than there are: it runs alone, and slowly, rather than never.
    public mutating func take(_ needs: JobNeeds) -> ResourceLease? {
        let fits = needs.coreCount <= coreCount && needs.memoryByteCount <= memoryByteCount
        guard fits || leaseCount == 0 else { return nil }
        var gpu: Int?
        if needs.gpuMemoryByteCount > 0 {
            gpu = gpus.indices.filter { gpus[$0] >= needs.gpuMemoryByteCount }
                .max { gpus[$0] < gpus[$1] }
            guard let gpu else { return nil }
            gpus[gpu] -= needs.gpuMemoryByteCount
        }
        coreCount -= needs.coreCount
        memoryByteCount -= needs.memoryByteCount
        leaseCount += 1
        return ResourceLease(needs: needs, gpu: gpu)
    }

    public mutating func give(back lease: ResourceLease) {
        coreCount += lease.needs.coreCount
        memoryByteCount += lease.needs.memoryByteCount
        if let gpu = lease.gpu { gpus[gpu] += lease.needs.gpuMemoryByteCount }
        leaseCount -= 1
    }
}

import Foundation
import Scheduling
import Testing

@Suite("Resources")
struct ResourceTests {
    private func folder(_ files: [String: String]) throws -> String {
        let root = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-cgroup-\(UUID().uuidString)")
        for (path, text) in files {
            let file = root.appendingPathComponent(path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data((text + "\n").utf8).write(to: file)
        }
        return root.path
    }

    @Test("Of a version 2 control group, the smallest limit on the way up counts")
    func version2() throws {
        let root = try folder([
            "user/job/cpu.max": "max 100000", "user/cpu.max": "250000 100000",
            "user/job/memory.max": "max", "user/memory.max": "2147483648",
            "other/cpu.max": "100000 100000",
        ])
        let group = ControlGroup(root: root, membership: "0::/user/job\n")
        #expect(group.coreCount == 2)
        #expect(group.memoryByteCount == 2_147_483_648)
    }

    @Test("Of version 1, each controller has a hierarchy of its own")
    func version1() throws {
        let root = try folder([
            "cpu,cpuacct/job/cpu.cfs_quota_us": "50000",
            "cpu,cpuacct/job/cpu.cfs_period_us": "100000",
            "cpu,cpuacct/cpu.cfs_quota_us": "-1",
            "cpu,cpuacct/cpu.cfs_period_us": "100000",
            "memory/job/memory.limit_in_bytes": "1073741824",
            "memory/memory.limit_in_bytes": "9223372036854771712",
        ])
        let group = ControlGroup(
            root: root, membership: "4:memory:/job\n3:cpu,cpuacct:/job\n1:name=systemd:/x\n")
        #expect(group.coreCount == 1, "half a core is one")
        #expect(group.memoryByteCount == 1_073_741_824)
    }

    @Test("Without a control group there is no limit")
    func none() throws {
        let group = ControlGroup(root: try folder([:]), membership: "0::/\n")
        #expect(group.coreCount == nil && group.memoryByteCount == nil)
    }

    @Test("Nothing is given out twice: cores, memory, GPU memory")
    func ledger() throws {
        var ledger = ResourceLedger(
            ComputeResources(coreCount: 4, memoryByteCount: 100, gpus: [10, 16]))
        let one = JobNeeds(coreCount: 1, memoryByteCount: 10, gpuMemoryByteCount: 8)
        let leases = (0..<3).compactMap { _ in ledger.take(one) }
        // The GPU with the most room goes first.
        #expect(leases.map(\.gpu) == [1, 0, 1])
        #expect(ledger.take(one) == nil, "no GPU has room")
        #expect(ledger.take(JobNeeds(coreCount: 2, memoryByteCount: 1)) == nil, "one core is left")
        #expect(ledger.take(JobNeeds(coreCount: 1, memoryByteCount: 71)) == nil, "70 are left")
        ledger.give(back: try #require(leases.last))
        #expect(ledger.take(one)?.gpu == 1)
    }

    @Test("A job larger than the machine runs alone rather than never")
    func large() {
        var ledger = ResourceLedger(ComputeResources(coreCount: 2, memoryByteCount: 100))
        let large = JobNeeds(coreCount: 8, memoryByteCount: 1_000)
        #expect(ledger.take(large) != nil)
        #expect(ledger.take(JobNeeds(coreCount: 1, memoryByteCount: 1)) == nil)
    }

    @Test("No more cores are in use at once than there are, and every job runs once")
    func pool() async throws {
        let usage = Usage()
        let jobs = (0..<60).map { JobNeeds(coreCount: 1 + $0 % 3, memoryByteCount: 1) }
        try await WorkerPool(resources: ComputeResources(coreCount: 4, memoryByteCount: 3)).run(
            Array(jobs.enumerated()), needing: { $0.element }, stop: StopSignal()
        ) { job, _ in
            await usage.start(job.offset, job.element.coreCount)
            try await Task.sleep(for: .milliseconds(2))
            await usage.end(job.element.coreCount)
        }
        #expect(await usage.mostCores <= 4)
        #expect(await usage.mostJobs <= 3)
        #expect(await usage.started.sorted() == Array(0..<60))
    }

    @Test("Once a stop is asked for, nothing is started")
    func stop() async throws {
        let (usage, stop) = (Usage(), StopSignal())
        try await WorkerPool(resources: ComputeResources(coreCount: 2, memoryByteCount: 9)).run(
            Array(0..<20), needing: { _ in JobNeeds(coreCount: 1, memoryByteCount: 1) }, stop: stop
        ) { job, _ in
            await usage.start(job, 1)
            if job == 3 { stop.raise(.budgetSpent) }
            await stop.wait(atMost: .milliseconds(20))
            await usage.end(1)
        }
        #expect(await usage.started.count <= 5)
        #expect(stop.reason == .budgetSpent)
        stop.raise(.interrupted)
        #expect(stop.reason == .budgetSpent)
    }
}

extension StopSignal {
    fileprivate func wait(atMost duration: Duration) async {
        let waiting = Task { await wait() }
        try? await Task.sleep(for: duration)
        waiting.cancel()
        await waiting.value
    }
}

private actor Usage {
    private(set) var started: [Int] = []
    private(set) var mostCores = 0
    private(set) var mostJobs = 0
    private var cores = 0
    private var jobs = 0

    func start(_ job: Int, _ count: Int) {
        started.append(job)
        cores += count
        jobs += 1
        mostCores = max(mostCores, cores)
        mostJobs = max(mostJobs, jobs)
    }

    func end(_ count: Int) {
        cores -= count
        jobs -= 1
    }
}

import Foundation
import Records
import Testing

@Suite("Killed at any moment")
struct CrashTests {
    @Test(
        "After a kill behind any write, the next runner ends with the same rows", arguments: 0..<7)
    func betweenWrites(_ writes: Int) async throws {
        let path = try temporaryStorePath()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, writes = writes as Int] in
            var left = writes
            try runJob(Store.open(path: path)) {
                if left == 0 { kill(getpid(), SIGKILL) }
                left -= 1
            }
        }
        let store = try Store.open(path: path)
        try runJob(store) {}
        #expect(try store.measurements(of: "a") == undisturbed())
        #expect(try store.jobs().map(\.state) == [.finished])
        #expect(try store.jobs().first?.attempt?.number == 1)
        #expect(try store.damage() == [])
    }

    @Test("After a kill at a random instant too", arguments: 0..<8)
    func anywhere(_ index: Int) async throws {
        let path = try temporaryStorePath()
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, index = index as Int] in
            Thread.detachNewThread {
                Thread.sleep(forTimeInterval: 0.002 + 0.004 * Double(index))
                kill(getpid(), SIGKILL)
            }
            while true {
                let store = try Store.open(path: path)
                try runJob(store, fresh: true) {}
            }
        }
        let store = try Store.open(path: path)
        try runJob(store) {}
        #expect(try store.measurements(of: "a") == undisturbed())
        #expect(try store.states() == ["a": .finished])
        #expect(try store.damage() == [])
    }
}

/// What a runner writes for a job of three epochs, telling `afterWrite` after each transaction.
private func runJob(_ store: Store, fresh: Bool = false, afterWrite: () -> Void) throws {
    afterWrite()
    try store.register([job("a")])
    afterWrite()
    guard let claim = try store.claim("a", fresh: fresh).claim else { return }
    afterWrite()
    try store.describe(
        claim, as: AttemptEnvironment(threads: 2, machine: nil, codeVersion: nil))
    try store.restore([], for: claim)
    for epoch in 1...2 {
        try store.record(measured(epoch), for: claim)
        afterWrite()
    }
    try store.finish(claim, JobCompletion(.finished), measurements: measured(3))
    afterWrite()
    afterWrite()
}

private func measured(_ epoch: Int) -> [MetricValue] {
    ["test_accuracy", "train_loss"].map {
        MetricValue($0, epoch: epoch, step: epoch * 10, value: Double(epoch))
    }
}

private func undisturbed() -> [MetricValue] {
    (1...3).flatMap(measured).sorted { ($0.metric, $0.epoch) < ($1.metric, $1.epoch) }
}

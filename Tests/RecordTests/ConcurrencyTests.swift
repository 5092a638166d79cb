import Foundation
import Records
import Testing

@Suite("Many at once")
struct ConcurrencyTests {
    @Test("Thirty-two simultaneous first opens all succeed and register their jobs")
    func threads() async throws {
        let path = try temporaryStorePath()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<32 {
                group.addTask { try Store.open(path: path).register([job("job-\(index)")]) }
            }
            try await group.waitForAll()
        }
        let store = try Store.openReadOnly(path: path)
        #expect(try store.jobs().count == 32)
        #expect(try store.damage() == [])
    }

    @Test("Eight processes that open a new store at once share its jobs without doing one twice")
    func processes() async throws {
        let path = try temporaryStorePath()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [path = path as String] in
                        let store = try Store.open(path: path)
                        try store.register((0..<20).map { job("job-\($0)", seed: $0) })
                        for index in 0..<20 {
                            guard let claim = try store.claim("job-\(index)").claim else {
                                continue
                            }
                            try store.finish(
                                claim, JobCompletion(.finished),
                                measurements: [
                                    MetricValue("test_accuracy", epoch: 1, step: 1, value: 1)
                                ])
                        }
                    }
                }
            }
        }
        let store = try Store.openReadOnly(path: path)
        let jobs = try store.jobs()
        #expect(jobs.count == 20)
        #expect(jobs.allSatisfy { $0.state == .finished && $0.attempt?.number == 1 })
        #expect(try store.damage() == [])
    }

    @Test("One of many claims of a job wins")
    func claims() async throws {
        let path = try temporaryStorePath()
        try Store.open(path: path).register([job("a")])
        let winners = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<16 {
                group.addTask {
                    let runner = remoteRunner(index)
                    return try Store.open(path: path, runner: runner).claim("a").claim == nil
                        ? 0 : 1
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(winners == 1)
    }
}

import Checkpoints
import Foundation
import Graphs
import Models
import Optimizers
import Specifications
import Tensors
import Testing
import Training

@Suite("Going on from a checkpoint")
struct ResumeTests {
    private func request(seconds: Double = 0) -> CheckpointRequest {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-resume-\(UUID().uuidString)/job")
        return CheckpointRequest(job: "job", folder: folder.path, seconds: seconds)
    }

    /// Two epochs of four steps, with momentum and running statistics.
    private static let job = Fixture.job(mode: .gc, batchSize: 16).with { $0.epochs = 2 }

    /// What is recorded of a run: rows by epoch, step and metric, without times.
    private struct Rows: Equatable {
        var values: [String: UInt64] = [:]
        var repeated: [String] = []
        var digest: String?

        init(_ runs: [[TrainingEvent]]) {
            for event in runs.joined() {
                switch event {
                case .restored(let measurements):
                    values = [:]
                    add(measurements)
                case .measured(let measurements): add(measurements)
                case .ended(let outcome): digest = outcome.weightsDigest
                case .started, .progressed, .noted, .paused: break
                }
            }
        }

        private mutating func add(_ measurements: [Training.Measurement]) {
            for row in measurements where !row.metric.isTimed {
                let key = "\(row.epoch) \(row.step) \(row.metric.rawValue)"
                if values.updateValue(row.value.bitPattern, forKey: key) != nil {
                    repeated.append(key)
                }
            }
        }
    }

    @Test("Stopped behind any step, a job ends with the rows and weights of an undisturbed one")
    func everyStep() throws {
        let undisturbed = Rows([try Fixture.events(of: Self.job)])
        #expect(undisturbed.values.count == 14 && undisturbed.digest != nil)
        for stop in 1...8 {
            let request = request()
            var left = stop
            let first = try Fixture.events(of: Self.job, checkpoints: request) {
                left -= 1
                return left == 0
            }
            guard case .paused(stop)? = first.last else {
                Issue.record("no pause at step \(stop): \(String(describing: first.last))")
                continue
            }
            let second = try Fixture.events(of: Self.job, loaderThreads: 3, checkpoints: request)
            #expect(Rows([first, second]) == undisturbed, "stopped at step \(stop)")
        }
    }

    /// Three micro-batches a step, dropout, images kept apart, a last batch of another size, and an
    /// optimizer that starts anew.
    static let protocols = [
        job.with {
            $0.batchSize = 15
            $0.batching.replicas = 3
            $0.head = .dropCov(dimension: 8)
        },
        job.with {
            $0.batchSize = 24
            $0.batching.dropsLast = false
            $0.validation.count = 10
        },
        job.with { $0.quirks = ProtocolQuirks([.restartedOptimizer, .batchMeans]) },
    ]

    @Test("Replicas, dropout, validation and short batches go on as if nothing had happened", arguments: protocols)
    func goOn(job: JobSpecification) throws {
        let undisturbed = Rows([try Fixture.events(of: job)])
        #expect(undisturbed.digest != nil)
        let request = request()
        var runs: [[TrainingEvent]] = []
        while runs.count < 20, runs.last.flatMap(Fixture.outcome) == nil {
            runs.append(try Fixture.events(of: job, checkpoints: request) { true })
        }
        #expect(runs.count > 6 && Rows(runs) == undisturbed)
    }

    @Test("A job stopped behind every single step ends the same too")
    func everySingleStep() throws {
        let undisturbed = Rows([try Fixture.events(of: Self.job)])
        let request = request()
        var runs: [[TrainingEvent]] = []
        for _ in 0..<9 {
            runs.append(try Fixture.events(of: Self.job, checkpoints: request) { true })
        }
        #expect(Fixture.outcome(of: runs[8]) != nil)
        #expect(Rows(runs) == undisturbed)
    }

    @Test("A checkpoint holds every variable, optimizer state and running statistics included")
    func completeness() throws {
        let request = request()
        _ = try Fixture.events(of: Self.job, checkpoints: request) { true }
        let checkpoint = try #require(
            CheckpointFolder(path: request.folder).contents().newest)
        let graph = try NetworkGraphs(Self.job, classCount: 10).training(images: [16, 3, 32, 32])
        #expect(Set(checkpoint.tensors.keys) == Set(graph.variables.map(\.path)))
        #expect(checkpoint.tensors.keys.contains { $0.contains("running_mean") })
        #expect(checkpoint.step == 1)
    }

    @Test("A damaged newest checkpoint costs the steps since the one before, and is named")
    func damagedNewest() throws {
        let undisturbed = Rows([try Fixture.events(of: Self.job)])
        let request = request()
        var left = 6
        let first = try Fixture.events(of: Self.job, checkpoints: request) {
            left -= 1
            return left == 0
        }
        let folder = CheckpointFolder(path: request.folder)
        let newest = try #require(folder.contents().newest?.step)
        let slot = CheckpointFolder.Slot.allCases.first { folder.contents().nextSlot != $0 }
        try Data("garbage".utf8).write(to: URL(fileURLWithPath: folder.file(try #require(slot))))
        #expect(try #require(folder.contents().newest?.step) == newest - 1)
        let second = try Fixture.events(of: Self.job, checkpoints: request)
        #expect(Rows([first, second]) == undisturbed)
        guard case .noted(let note)? = second.first else {
            Issue.record("nothing is said of the damage")
            return
        }
        #expect(note.contains("damaged"))
    }

    @Test("Where both are damaged, or made by another engine, the job starts over and says so")
    func startOver() throws {
        let undisturbed = Rows([try Fixture.events(of: Self.job)])
        let request = request()
        let first = try Fixture.events(of: Self.job, checkpoints: request) { true }
        let folder = CheckpointFolder(path: request.folder)
        let whole = try #require(folder.contents().newest)
        try folder.write(
            Checkpoint(
                job: whole.job, step: whole.step, engine: "another", progress: whole.progress,
                tensors: whole.tensors), to: .first)
        let second = try Fixture.events(of: Self.job, checkpoints: request)
        #expect(Rows([first, second]) == undisturbed)
        guard case .noted(let note)? = second.first else {
            Issue.record("nothing is said of the engine")
            return
        }
        #expect(note.contains("another engine") && note.contains("starting over"))
    }

    @Test("Kept weights are those of the outcome, under torchvision's names")
    func keptWeights() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-weights-\(UUID().uuidString)/w.safetensors").path
        let events = try Fixture.events(
            of: Self.job, weights: WeightsRequest(job: "job", path: path))
        let weights = try KeptWeights(path: path)
        #expect(weights.digest == Fixture.outcome(of: events)?.weightsDigest)
        #expect(weights.tensors.keys.contains("layer1.0.conv1.weight"))
        #expect(!weights.tensors.keys.contains { $0.contains("momentum") })
    }
}

import Checkpoints
import Datasets
import Foundation
import Graphs
import Models
import Optimizers
import Specifications
import Tensors
import Testing
import Training

@Suite("Training jobs")
struct JobTests {
    @Test("The same seed gives the same bits, whatever the number of loader threads")
    func deterministic() throws {
        let job = Fixture.job(mode: .gc, precision: .float32)
        let digests = try [1, 1, 3].map { threads in
            try Fixture.outcome(of: Fixture.events(of: job, loaderThreads: threads))?.weightsDigest
        }
        #expect(digests[0] != nil)
        #expect(Set(digests).count == 1)
        let other = try Fixture.outcome(of: Fixture.events(of: job.with(seed: 1)))
        #expect(other?.weightsDigest != digests[0])
    }

    @Test("The arms of an experiment start from the same weights")
    func sameStart() throws {
        let starts = try GradientCentralizationMode.allCases.map { mode in
            let graph = try NetworkGraphs(Fixture.job(mode: mode), classCount: 10)
                .training(images: [2, 3, 16, 16])
            return graph.variables.filter { $0.parameter != nil }
                .map { $0.initialTensor(seed: 3) }
        }
        #expect(starts[0] == starts[1] && starts[1] == starts[2])
    }

    @Test("Events come in order: start, then measurements of each epoch, then the outcome")
    func events() throws {
        let events = try Fixture.events(of: Fixture.job(precision: .float32).with { $0.epochs = 2 })
        guard case .started(let start)? = events.first else {
            Issue.record("the first event is no start")
            return
        }
        #expect(start.stepCount == 16 && start.parameters == 78_042)
        #expect(Fixture.values(of: .testAccuracy, in: events).count == 2)
        #expect(Fixture.outcome(of: events)?.state == .finished)
    }

    /// 20 test images in batches of 16 and 4, 64 training images in full batches of 8: a percentage
    /// that is no whole number of images was divided by the wrong count.
    @Test("Accuracies count every test image once and every trained image once")
    func countedImages() throws {
        let events = try Fixture.events(of: Fixture.job(precision: .float32))
        for (metric, count) in [
            (Metric.testAccuracy, 20.0), (.testTop5Accuracy, 20), (.trainingAccuracy, 64),
        ] {
            let percent = try #require(Fixture.values(of: metric, in: events).first)
            let images = percent * count / 100
            #expect(abs(images - images.rounded()) < 1e-9 && images > 0 && images <= count)
        }
    }

    @Test("The images left over after whole batches are trained on where the spec says so")
    func lastBatch() throws {
        func events(_ dropsLast: Bool) throws -> [TrainingEvent] {
            try Fixture.events(
                of: Fixture.job(batchSize: 24, precision: .float32).with {
                    $0.batching.dropsLast = dropsLast
                })
        }
        for (dropsLast, steps, images) in [(true, 2, 48.0), (false, 3, 64)] {
            let events = try events(dropsLast)
            guard case .started(let start)? = events.first else { return }
            #expect(start.stepCount == steps)
            let percent = try #require(Fixture.values(of: .trainingAccuracy, in: events).first)
            let hits = percent * images / 100
            #expect(abs(hits - hits.rounded()) < 1e-9)
        }
    }

    /// 20 test images in batches of 16: the quirk of the published scripts scores 16 of them.
    @Test("Protocols that drop the last evaluation batch do not score its images")
    func lastEvaluationBatch() throws {
        let whole = Fixture.job(precision: .float32)
        let cut = whole.with { $0.quirks = ProtocolQuirks([.dropLastEvaluation]) }
        let percents = try [whole, cut].map {
            try #require(Fixture.values(of: .testLoss, in: Fixture.events(of: $0)).first)
        }
        #expect(percents[0] != percents[1])
        let sixteen = whole.with { $0.dataset = DatasetSettings(name: .shapes, trainCount: 64, testCount: 16) }
        #expect(
            try Fixture.values(of: .testLoss, in: Fixture.events(of: sixteen)) == [percents[1]])
    }

    @Test("Validation images are kept out of training, the same for every seed and arm")
    func validation() throws {
        let job = Fixture.job(precision: .float32).with { $0.validation.count = 16 }
        let events = try Fixture.events(of: job)
        guard case .started(let start)? = events.first else { return }
        // 48 images are left, in batches of 8.
        #expect(start.stepCount == 6)
        #expect(start.data.contains("48 training, 16 validation and 20 test images"))
        #expect(Fixture.values(of: .validationAccuracy, in: events).count == 1)
        // At a rate of zero nothing is learnt, and the losses tell which images are evaluated.
        let losses = try [(0, GradientCentralizationMode.none), (0, .gc)].map { seed, mode in
            let still = Fixture.job(mode: mode, learningRate: 0, seed: seed)
                .with { $0.validation.count = 16 }
            return try Fixture.values(of: .validationLoss, in: Fixture.events(of: still))
        }
        #expect(losses[0] == losses[1] && losses[0].count == 1)
    }

    /// 64 images in batches of 24, 24 and 16: the share of hits of a batch is a multiple of 1/24 or
    /// 1/16, and so the mean of three of them one of 1/144.
    @Test("A protocol may mean loss and accuracy over batches, whatever their sizes")
    func batchMeans() throws {
        func means(_ batchSize: Int, _ quirks: [ProtocolQuirk]) throws -> (Double, Double) {
            let events = try Fixture.events(
                of: Fixture.job(batchSize: batchSize).with {
                    $0.batching.dropsLast = false
                    $0.quirks = ProtocolQuirks(quirks)
                })
            return (
                try #require(Fixture.values(of: .trainingLoss, in: events).first),
                try #require(Fixture.values(of: .trainingAccuracy, in: events).first)
            )
        }
        let (images, batches) = (try means(24, []), try means(24, [.batchMeans]))
        func isMultiple(_ percent: Double, of count: Double) -> Bool {
            abs(percent * count / 100 - (percent * count / 100).rounded()) < 1e-9
        }
        #expect(isMultiple(images.1, of: 64) && isMultiple(batches.1, of: 144))
        #expect(images.0 != batches.0)
        // I = (24a + 24b + 16c)/64 and B = (a + b + c)/3, so that 9B − 8I is c, a loss like any other.
        let last = 9 * batches.0 - 8 * images.0
        #expect(abs(last - images.0) < 0.5 * images.0)
        let (equal, same) = (try means(16, []), try means(16, [.batchMeans]))
        #expect(abs(equal.0 - same.0) < 1e-12 && abs(equal.1 - same.1) < 1e-9)
    }

    /// With one step an epoch either of the two steps is the optimizer's first, which for momentum is
    /// plain descent, and for Adam, whose bias corrections are then those of step 1, does not depend
    /// on its decay rates.
    @Test("A protocol may start the optimizer anew halfway, its count of steps included")
    func restartedOptimizer() throws {
        func weights(_ settings: OptimizerSettings, _ quirks: [ProtocolQuirk]) throws -> [Double] {
            let path = FileManager.default.temporaryDirectory
                .appendingPathComponent("gc-bench-\(UUID().uuidString)").path
            defer { try? FileManager.default.removeItem(atPath: path) }
            let job = Fixture.job(batchSize: 64).with {
                $0.epochs = 2
                $0.optimizer = settings
                $0.quirks = ProtocolQuirks(quirks)
            }
            _ = try Fixture.events(of: job, weights: WeightsRequest(job: "j", path: path))
            return try #require(KeptWeights(path: path).tensors["conv1.weight"]).doubles()
        }
        func expectNear(_ a: [Double], _ b: [Double]) {
            #expect(zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 })
        }
        let (momentum, plain) = (
            OptimizerSettings(learningRate: 0.05, momentum: 0.9),
            OptimizerSettings(learningRate: 0.05)
        )
        let restarted = try weights(momentum, [.restartedOptimizer])
        expectNear(restarted, try weights(plain, []))
        #expect(try weights(momentum, []) != restarted)
        let (adam, other) = (
            OptimizerSettings(name: .adam, learningRate: 0.01),
            OptimizerSettings(name: .adam, learningRate: 0.01, betas: Betas(0.5, 0.6))
        )
        let anew = try weights(adam, [.restartedOptimizer])
        expectNear(anew, try weights(other, [.restartedOptimizer]))
        #expect(try weights(adam, []) != anew)
    }

    @Test("A protocol may ignore the rates of its groups")
    func ignoredRates() throws {
        let group = ParameterGroup(
            [ParameterSelector("head")], .adjusted(weightDecay: nil, learningRateFactor: 10))
        let plain = Fixture.job(precision: .float32)
        let faster = plain.with { $0.parameterGroups = [group] }
        let ignored = faster.with { $0.quirks = ProtocolQuirks([.ignoredHeadRate]) }
        let digests = try [plain, faster, ignored].map {
            try Fixture.outcome(of: Fixture.events(of: $0))?.weightsDigest
        }
        #expect(digests[0] == digests[2] && digests[0] != digests[1])
    }

    @Test("A loss that is no number ends the job as diverged")
    func diverged() throws {
        let events = try Fixture.events(
            of: Fixture.job(precision: .float32, learningRate: 1e30))
        #expect(Fixture.outcome(of: events)?.state == .diverged)
    }

    @Test("Training lowers the loss of a network that sees the same images again and again")
    func learns() throws {
        let job = Fixture.job(precision: .float32, learningRate: 0.02).with { $0.epochs = 6 }
        let losses = Fixture.values(of: .trainingLoss, in: try Fixture.events(of: job))
        #expect(losses.count == 6)
        #expect((losses.last ?? .nan) < (losses.first ?? .nan))
    }

    @Test("Training in bfloat16 lowers the loss as training in float32 does")
    func bfloat16() throws {
        let curves = try [ScalarType.float32, .bfloat16].map { precision in
            let job = Fixture.job(precision: precision, learningRate: 0.02)
                .with { $0.epochs = 4 }
            return Fixture.values(of: .trainingLoss, in: try Fixture.events(of: job))
        }
        #expect(curves[0].count == 4 && curves[1] != curves[0])
        for (single, half) in zip(curves[0], curves[1]) {
            #expect(abs(single - half) < 0.05 * single, "\(curves)")
        }
    }
    @Test("The plan of ResNet-18 on the reference target is the one that was looked at")
    func snapshot() throws {
        let job = Fixture.job(backbone: .resnet18, mode: .gc, batchSize: 128, precision: .float32)
        let program = try TrainingProgram(
            NetworkGraphs(job, classCount: 10), image: [3, 32, 32],
            target: ReferenceTarget())
        try Snapshot.expect(program.training.description, at: "resnet18.plan.txt")
    }
}

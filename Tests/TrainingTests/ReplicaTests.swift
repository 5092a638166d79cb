import Foundation
import Graphs
import Models
import Optimizers
import ReferenceBackend
import Specifications
import Tensors
import Testing
import Training

/// Batches that are trained on as equal micro-batches with batch statistics of their own.
@Suite("Replicas")
struct ReplicaTests {
    private static let extent = 16
    private static let imageCount = 12

    /// A job in double precision, so that what must be equal is so to rounding.
    private static func job(
        replicas: Int, normalization: Normalization = .batch, momentum: Double = 0.9,
        head: Head = .averagePooling
    ) -> JobSpecification {
        Fixture.job(mode: .gc, normalization: normalization, batchSize: imageCount).with {
            $0.optimizer = OptimizerSettings(
                learningRate: 0.05, momentum: momentum, weightDecay: 5e-4)
            $0.batching.replicas = replicas
            $0.head = head
        }
    }

    /// Steps on `images`, a range of one fixed batch; everything that a framework would save.
    ///
    /// - Parameter isRepeated: whether those images come twice, one copy behind the other.
    private static func steps(
        _ job: JobSpecification, on images: Range<Int> = 0..<imageCount, count: Int = 1,
        isRepeated: Bool = false, extent: Int = ReplicaTests.extent
    ) throws -> [String: [Double]] {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-replicas-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (batch, output) = (
            folder.appendingPathComponent("batch").path, folder.appendingPathComponent("out").path
        )
        var random = CounterRandom(seed: 5, stream: .test)
        let size = 3 * extent * extent
        let drawn = (0..<imageCount * size).map { _ in random.normal() }
        var pixels = Array(drawn[images.lowerBound * size..<images.upperBound * size])
        var labels = images.map { Int64($0 * 7 % 10) }
        if isRepeated { (pixels, labels) = (pixels + pixels, labels + labels) }
        try Safetensors.write(
            [
                "images": HostTensor(pixels, shape: [labels.count, 3, extent, extent]),
                "labels": HostTensor(labels, shape: [labels.count]),
            ], to: batch)
        let request = StepRequest(
            job: EngineJob(job, backend: .reference, threads: 1), weights: nil, batch: batch,
            stepCount: count, output: output)
        _ = try StepJob.make(
            request, target: ReferenceTarget(), engine: ReferenceBackend<Double>()
        ).run()
        return try Safetensors.read(output).mapValues { $0.doubles() }
    }

    private static func expectEqual(
        _ one: [String: [Double]], _ other: [String: [Double]], within bound: Double = 1e-12,
        _ comment: String
    ) {
        #expect(Set(one.keys) == Set(other.keys))
        for (name, numbers) in one {
            guard let others = other[name] else { continue }
            let scale = others.reduce(1e-3) { max($0, abs($1)) }
            let error = zip(numbers, others).reduce(0) { max($0, abs($1.0 - $1.1)) }
            #expect(error <= bound * scale, "\(comment): \(name) is off by \(error) of \(scale)")
        }
    }

    @Test(
        "Without batch statistics replicas change nothing but the order of sums",
        arguments: [2, 3, 6])
    func groupNormalization(replicas: Int) throws {
        let norm = Normalization.group(groups: 4)
        let plain = try Self.steps(Self.job(replicas: 1, normalization: norm), count: 3)
        let split = try Self.steps(Self.job(replicas: replicas, normalization: norm), count: 3)
        Self.expectEqual(split, plain, "\(replicas) replicas")
    }

    /// Plain SGD is linear in the gradient, and centralization is too: the mean of what each share
    /// alone would have made of the weights is what their averaged gradient makes of them.
    @Test(
        "With batch norm the step is the mean of the shares' own, running statistics the first one's",
        arguments: [2, 3, 4])
    func batchNormalization(replicas: Int) throws {
        let split = try Self.steps(Self.job(replicas: replicas, momentum: 0))
        let share = Self.imageCount / replicas
        let alone = try (0..<replicas).map { number in
            try Self.steps(
                Self.job(replicas: 1, momentum: 0), on: number * share..<(number + 1) * share)
        }
        var mean = alone[0]
        for (name, numbers) in mean where !name.contains("running") {
            mean[name] = numbers.indices.map { i in
                alone.reduce(0) { $0 + ($1[name]?[i] ?? .nan) } / Double(replicas)
            }
        }
        Self.expectEqual(split, mean, "\(replicas) replicas")
        let whole = try Self.steps(Self.job(replicas: 1, momentum: 0))
        #expect(whole["conv1.weight"] != split["conv1.weight"])
        #expect(whole["bn1.running_mean"] != split["bn1.running_mean"])
    }

    /// The probability of DropCov is 0 at first; that of the Keras example's network is ½. Two equal
    /// micro-batches have the gradient of one of them, unless they drop other numbers.
    @Test(
        "Each replica drops its own, again in the same step, and differs by nothing else")
    func dropout() throws {
        func steps(
            _ head: Head, _ backbone: Backbone, _ replicas: Int
        ) throws -> [String: [Double]] {
            let norm = backbone == .kerasNetwork ? Normalization.none : .group(groups: 4)
            let job = Self.job(replicas: replicas, normalization: norm, momentum: 0, head: head)
            return try Self.steps(
                job.with { $0.backbone = backbone }, on: 0..<2, isRepeated: replicas == 2,
                extent: backbone == .kerasNetwork ? 94 : Self.extent)
        }
        let keeps = Head.fastMPN(dimension: 16, iterations: 5)
        Self.expectEqual(
            try steps(keeps, .resnet8, 2), try steps(keeps, .resnet8, 1), "the same images twice")
        let twice = try steps(.averagePooling, .kerasNetwork, 2)
        #expect(try steps(.averagePooling, .kerasNetwork, 2) == twice)
        let once = try steps(.averagePooling, .kerasNetwork, 1)
        let (many, one) = (twice["dense.bias"] ?? [], once["dense.bias"] ?? [])
        let changed = zip(many, one).count { abs($0 - $1) > 1e-6 }
        #expect(many.count == 512 && changed > 100)
    }

    private static func program(_ job: JobSpecification) throws -> TrainingProgram {
        try TrainingProgram(
            NetworkGraphs(job, classCount: 10), image: [3, 32, 32], target: ReferenceTarget())
    }

    @Test("Memory is that of one micro-batch and a sum for every gradient, however many there are")
    func memory() throws {
        func program(_ replicas: Int, batchSize: Int) throws -> TrainingProgram {
            try Self.program(Self.job(replicas: replicas).with { $0.batchSize = batchSize })
        }
        let whole = try program(1, batchSize: 48)
        let small = try program(1, batchSize: 12)
        let split = try program(4, batchSize: 48)
        #expect(split.plans.count == 3 && split.stepPlans(batchOf: 48) == [1, 2, 2, 0])
        #expect(split.arenaByteCount < whole.arenaByteCount / 2)
        // A sum has the size of its weight, rounded up to the alignment of 64 bytes.
        let sums = split.trainingGraph.variables.filter { $0.path.hasSuffix("gradient_sum") }
        let sumBytes = sums.reduce(0) { $0 + ($1.spec.byteCount + 63) / 64 * 64 }
        #expect(sums.count == split.trainingGraph.variables.filter { $0.parameter != nil }.count)
        #expect(split.arenaByteCount <= small.arenaByteCount + sumBytes)
    }

    /// Otherwise a gradient would live to the end of its plan, in memory that grows with the network.
    @Test("Sums are written where they lie: no plan ends with copies", arguments: [2, 3])
    func inPlace(replicas: Int) throws {
        for plan in try Self.program(Self.job(replicas: replicas)).plans {
            #expect(!plan.instructions.contains { $0.operation == .copy(Copy()) })
        }
    }
}

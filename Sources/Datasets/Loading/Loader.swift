import Foundation
public import Tensors

/// Hands out the batches of a run, one after the other, epoch after epoch without end; worker
/// threads prepare them ahead in a fixed ring of memory.
///
/// The batches depend on the data set, the configuration and the position only, not on the number
/// of threads. In a steady step nothing is allocated. One thread consumes; the loader may be
/// dropped at any time, and its threads end with it.
///
///     let loader = try Loader(dataset, .training(on: .cifar10, batchSize: 128, seed: 0, dropsLast: true))
///     for _ in 0..<epochs * loader.plan.batchesPerEpoch {
///         try loader.withNextBatch { batch in … }
///     }
///
/// It is a class because threads refer to its ring until it is gone.
public final class Loader {
    public let plan: BatchPlan
    /// The images of a whole batch, `[batchSize, C, H, W]`.
    public let imageSpec: TensorSpec
    /// What the batches hold.
    public let content: BatchContent
    /// The position of the next batch.
    public private(set) var position: BatchPosition
    /// How long the consumer has waited for batches so far.
    public private(set) var waitingSeconds = 0.0

    /// What a whole batch and the last one hold.
    private let specs: [TensorSpec]
    private let ring: BatchRing

    /// - Throws: `notPositive` or `batchLargerThanDataset` for impossible sizes.
    public init(_ dataset: Dataset, _ configuration: LoaderConfiguration) throws(DatasetError) {
        let plan = try BatchPlan(
            count: dataset.count, batchSize: configuration.batchSize, order: configuration.order,
            dropsLast: configuration.dropsLast)
        try Self.check(configuration)
        let shape = configuration.augmentation.shape(of: dataset.imageShape)
        let counts = [0, plan.batchesPerEpoch - 1].map(plan.imageCount)
        let images = counts.map {
            TensorSpec(Shape([$0] + shape.dimensions), configuration.scalarType)
        }
        content = configuration.content
        specs =
            content == .images ? images : counts.map { TensorSpec([$0, 4], .int32) }
        self.plan = plan
        position = plan.position(0, after: configuration.start)
        imageSpec = images[0]
        ring = BatchRing(
            depth: configuration.depth, batchSize: imageSpec.shape[0],
            imageByteCount: specs[0].byteCount)
        let filler = BatchFiller(dataset, plan: plan, configuration: configuration)
        for thread in 0..<configuration.threads {
            ring.startWorker("loader \(thread)") { filler.worker(from: configuration.start) }
        }
    }

    deinit { ring.stop() }

    /// Calls `body` with the next batch, waiting for it if need be, and returns what it returns. The
    /// batch counts as consumed even when `body` throws.
    ///
    /// - Throws: what reading the images threw, or what `body` throws.
    public func withNextBatch<Result>(_ body: (Batch) throws -> Result) throws -> Result {
        let current = position
        position = plan.position(1, after: current)
        let start = ContinuousClock.now
        let slot = try ring.next()
        defer { ring.release() }
        waitingSeconds += (ContinuousClock.now - start) / .seconds(1)
        return try body(batch(in: slot, at: current))
    }

    private func batch(in slot: BatchRing.Slot, at position: BatchPosition) -> Batch {
        let count = plan.imageCount(ofBatch: position.batch)
        let spec = count == imageSpec.shape[0] ? specs[0] : specs[1]
        return Batch(
            position: position, imageSpec: spec,
            images: UnsafeRawBufferPointer(rebasing: slot.images[..<spec.byteCount]),
            labels: UnsafeBufferPointer(rebasing: slot.labels[..<count]),
            indices: UnsafeBufferPointer(rebasing: slot.indices[..<count]))
    }
}

extension Loader {
    private static func check(_ configuration: LoaderConfiguration) throws(DatasetError) {
        precondition(
            configuration.scalarType == .float32 || configuration.scalarType == .float64,
            "images are float32 or float64, not \(configuration.scalarType)")
        guard configuration.threads > 0 else {
            throw .notPositive(what: "The number of loader threads", value: configuration.threads)
        }
        guard configuration.depth > 0 else {
            throw .notPositive(what: "The depth of the ring", value: configuration.depth)
        }
    }
}

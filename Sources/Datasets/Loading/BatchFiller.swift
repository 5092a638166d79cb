import Tensors

/// Fills one batch: a pure function of the data set, the configuration and the position.
struct BatchFiller: Sendable {
    private enum Renderer: Sendable {
        case single(ImageRenderer<Float>)
        case double(ImageRenderer<Double>)
    }

    private let dataset: Dataset
    private let plan: BatchPlan
    private let augmentation: Augmentation
    private let seed: UInt64
    private let renderer: Renderer

    init(_ dataset: Dataset, plan: BatchPlan, configuration: LoaderConfiguration) {
        self.dataset = dataset
        self.plan = plan
        augmentation = configuration.augmentation
        seed = configuration.augmentationSeed
        renderer =
            configuration.scalarType == .float64
            ? .double(ImageRenderer(configuration.normalization))
            : .single(ImageRenderer(configuration.normalization))
    }

    /// A worker that fills the slot of ticket `t` with the batch `t` after `start`. It keeps the order
    /// of the epoch that it is at to itself, so that workers share nothing that changes.
    func worker(from start: BatchPosition) -> BatchRing.Fill {
        var epoch: (number: Int, order: [Int32]?)?
        return { ticket, slot in
            let position = plan.position(ticket, after: start)
            if epoch?.number != position.epoch {
                epoch = (position.epoch, plan.permutation(ofEpoch: position.epoch))
            }
            try fill(slot, at: position, order: epoch?.order)
        }
    }

    /// Writes the batch at `position`, given the order of its epoch.
    private func fill(_ slot: BatchRing.Slot, at position: BatchPosition, order: [Int32]?) throws {
        let first = position.batch * plan.batchSize
        for image in 0..<plan.imageCount(ofBatch: position.batch) {
            let index = order.map { Int($0[first + image]) } ?? first + image
            slot.indices[image] = Int32(index)
            slot.labels[image] = Int64(dataset.label(at: index))
            let placement = augmentation.placement(
                seed: seed, epoch: position.epoch, index: index)
            try render(index, placement, image, into: slot.images)
        }
    }

    private func render(
        _ index: Int, _ placement: Augmentation.Placement, _ image: Int,
        into images: UnsafeMutableRawBufferPointer
    ) throws {
        let offset = image * dataset.imageShape.count
        switch renderer {
        case .single(let renderer):
            let result = images.assumingMemoryBound(to: Float.self)
            try render(index, placement, renderer, into: result, at: offset)
        case .double(let renderer):
            let result = images.assumingMemoryBound(to: Double.self)
            try render(index, placement, renderer, into: result, at: offset)
        }
    }

    private func render<Element>(
        _ index: Int, _ placement: Augmentation.Placement, _ renderer: ImageRenderer<Element>,
        into result: UnsafeMutableBufferPointer<Element>, at offset: Int
    ) throws {
        guard let base = result.baseAddress else { return }
        try dataset.images.withImage(at: index) { image in
            precondition(
                image.pixels.count == dataset.imageShape.count
                    && offset + image.pixels.count <= result.count,
                "an image of another size than \(dataset.imageShape)")
            renderer.render(image, placement: placement, into: base + offset)
        }
    }
}

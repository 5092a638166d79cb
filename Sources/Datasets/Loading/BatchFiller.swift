import Tensors

/// Fills one batch: a pure function of the data set, the configuration and the position.
struct BatchFiller: Sendable {
    private let dataset: Dataset
    private let plan: BatchPlan
    private let configuration: LoaderConfiguration

    init(_ dataset: Dataset, plan: BatchPlan, configuration: LoaderConfiguration) {
        self.dataset = dataset
        self.plan = plan
        self.configuration = configuration
    }

    /// A worker that fills the slot of ticket `t` with the batch `t` after `start`. It keeps the order
    /// of the epoch that it is at and its memory to itself, so that workers share nothing that changes.
    func worker(from start: BatchPosition) -> BatchRing.Fill {
        var epoch: (number: Int, order: [Int32]?)?
        let write = imageWriter()
        return { ticket, slot in
            let position = plan.position(ticket, after: start)
            if epoch?.number != position.epoch {
                epoch = (position.epoch, plan.permutation(ofEpoch: position.epoch))
            }
            try fill(slot, at: position, order: epoch?.order, write)
        }
    }

    /// Writes the batch at `position`, given the order of its epoch.
    private func fill(
        _ slot: BatchRing.Slot, at position: BatchPosition, order: [Int32]?, _ write: ImageWriter
    ) throws {
        let first = position.batch * plan.batchSize
        for image in 0..<plan.imageCount(ofBatch: position.batch) {
            let index = order.map { Int($0[first + image]) } ?? first + image
            slot.indices[image] = Int32(index)
            slot.labels[image] = Int64(dataset.label(at: index))
            try write(index, position.epoch, image, slot.images)
        }
    }
}

// MARK: - Images

extension BatchFiller {
    /// Writes the image at an index, as it is in an epoch, into a place of a batch.
    private typealias ImageWriter = (Int, Int, Int, UnsafeMutableRawBufferPointer) throws -> Void

    private func imageWriter() -> ImageWriter {
        if configuration.content == .placements { return placementWriter }
        return configuration.scalarType == .float64
            ? writer(of: Double.self) : writer(of: Float.self)
    }

    /// Writes where the image goes, and no pixel.
    private func placementWriter(
        _ index: Int, _ epoch: Int, _ place: Int, _ batch: UnsafeMutableRawBufferPointer
    ) {
        let placement = configuration.augmentation.placement(
            seed: configuration.augmentationSeed, epoch: epoch, index: index)
        batch.storeBytes(
            of: PlacedImage(
                index: index, row: placement.row, column: placement.column,
                isMirrored: placement.isMirrored),
            toByteOffset: place * MemoryLayout<PlacedImage>.stride, as: PlacedImage.self)
    }

    private func writer<Element: PixelNumber>(of type: Element.Type) -> ImageWriter {
        switch dataset.content {
        case .planes(let images) where configuration.augmentation.isPlacement:
            return placer(of: images, ImageRenderer<Element>(configuration.normalization))
        case .planes(let images): return processor(of: images, Element.self)
        case .photos(let photos): return processor(of: photos, Element.self)
        }
    }

    /// Small images that are only shifted and mirrored.
    private func placer<Element>(
        of images: any ImageStorage, _ renderer: ImageRenderer<Element>
    ) -> ImageWriter {
        let shape = dataset.imageShape
        return { index, epoch, place, batch in
            let placement = configuration.augmentation.placement(
                seed: configuration.augmentationSeed, epoch: epoch, index: index)
            let result = target(place, shape, Element.self, in: batch)
            try images.withImage(at: index) { image in
                precondition(
                    image.pixels.count == shape.count, "an image of another size than \(shape)")
                renderer.render(image, placement: placement, into: result)
            }
        }
    }

    private func processor<Element: PixelNumber>(
        of images: any ImageStorage, _ type: Element.Type
    ) -> ImageWriter {
        let shape = configuration.augmentation.shape(of: dataset.imageShape)
        let processor = ImageProcessor<Element>(configuration, shape: shape)
        return { index, epoch, place, batch in
            let result = target(place, shape, Element.self, in: batch)
            var fault: PhotoFault?
            try images.withImage(at: index) { image in
                do throws(PhotoFault) {
                    try processor.process(.planes(image), random(index, epoch), into: result)
                } catch { fault = error }
            }
            if let fault { throw fault }
        }
    }

    private func processor<Element: PixelNumber>(
        of photos: any PhotoStorage, _ type: Element.Type
    ) -> ImageWriter {
        let shape = configuration.augmentation.shape(of: dataset.imageShape)
        let processor = ImageProcessor<Element>(configuration, shape: shape)
        let file = PixelBuffer()
        return { index, epoch, place, batch in
            let result = target(place, shape, Element.self, in: batch)
            try photos.withPhoto(at: index, using: file) { (photo) throws(PhotoFault) in
                try processor.process(photo, random(index, epoch), into: result)
            }
        }
    }

    private func random(_ index: Int, _ epoch: Int) -> CounterRandom {
        Augmentation.random(seed: configuration.augmentationSeed, epoch: epoch, index: index)
    }

    /// Where image `place` of a batch lies.
    private func target<Element>(
        _ place: Int, _ shape: Shape, _ type: Element.Type,
        in batch: UnsafeMutableRawBufferPointer
    ) -> UnsafeMutablePointer<Element> {
        let numbers = batch.assumingMemoryBound(to: Element.self)
        precondition((place + 1) * shape.count <= numbers.count, "outside of the batch")
        return numbers.baseAddress.unsafelyUnwrapped + place * shape.count
    }
}

extension ImageProcessor {
    fileprivate convenience init(_ configuration: LoaderConfiguration, shape: Shape) {
        self.init(
            configuration.augmentation, configuration.normalization, shape: shape,
            decode: configuration.decode)
    }
}

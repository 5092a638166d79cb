import Tensors

/// In which order the images of an epoch are visited.
public enum SampleOrder: Hashable, Sendable, Codable {
    /// As they are stored.
    case sequential
    /// In an order that depends on the seed and the epoch.
    case shuffled(seed: UInt64)
}

/// Where in a run a batch belongs.
public struct BatchPosition: Hashable, Sendable, Codable {
    public let epoch: Int
    /// Counted from 0 in each epoch.
    public let batch: Int

    public init(epoch: Int, batch: Int) {
        self.epoch = epoch
        self.batch = batch
    }

    public static let start = BatchPosition(epoch: 0, batch: 0)
}

/// Which images make up which batch; a pure function of its fields, the epoch and the batch.
public struct BatchPlan: Hashable, Sendable, Codable {
    public let count: Int
    public let batchSize: Int
    public let order: SampleOrder
    /// True where a last batch of fewer than `batchSize` images is left out.
    public let dropsLast: Bool

    /// - Parameter count: how many images there are.
    /// - Throws: `notPositive`, and `batchLargerThanDataset` where no batch would be full and the
    ///   images are shuffled or the last batch is left out. An evaluation may take all its images
    ///   as one smaller batch.
    public init(
        count: Int, batchSize: Int, order: SampleOrder, dropsLast: Bool
    ) throws(DatasetError) {
        guard count > 0 else { throw .notPositive(what: "The number of images", value: count) }
        guard batchSize > 0 else { throw .notPositive(what: "The batch size", value: batchSize) }
        guard batchSize <= count || (order == .sequential && !dropsLast) else {
            throw .batchLargerThanDataset(batchSize: batchSize, count: count)
        }
        self.count = count
        self.batchSize = batchSize
        self.order = order
        self.dropsLast = dropsLast
    }

    public var batchesPerEpoch: Int {
        dropsLast ? count / batchSize : (count + batchSize - 1) / batchSize
    }

    /// How many images the batch has: `batchSize`, or fewer for the last one.
    public func imageCount(ofBatch batch: Int) -> Int {
        min(batchSize, count - batch * batchSize)
    }

    /// The position that lies `steps` batches after `position`.
    public func position(_ steps: Int, after position: BatchPosition) -> BatchPosition {
        let batch = position.batch + steps
        return BatchPosition(
            epoch: position.epoch + batch / batchesPerEpoch, batch: batch % batchesPerEpoch)
    }

    /// The indices of all images in the order of the epoch; nil where they are as stored.
    func permutation(ofEpoch epoch: Int) -> [Int32]? {
        switch order {
        case .sequential: return nil
        case .shuffled(let seed):
            var random = CounterRandom(seed: seed, stream: .order, epoch: epoch)
            return random.permutation(of: count)
        }
    }
}

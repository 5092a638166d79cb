import Datasets
import Specifications
import Tensors
public import Training

/// A job with what planning knows of it.
public struct ScheduledJob: Hashable, Sendable {
    public let job: PreparedJob
    public let needs: JobNeeds
    /// Multiply-adds of the whole training, for comparing jobs with each other.
    public let work: Double

    /// What a worker takes besides arena and images: its libraries, plans and buffers.
    private static let overheadByteCount = 200 << 20

    /// What a worker on a GPU takes of the machine: driver and libraries, mostly.
    private static let gpuHostByteCount = 2 << 30
    /// What a worker takes of a GPU besides its arena: context, code of the libraries, tables.
    private static let gpuOverheadByteCount = 768 << 20

    public init(_ job: PreparedJob, _ survey: JobSurvey, threads: Int) {
        self.job = job
        needs =
            job.backend.usesGPU
            ? JobNeeds(
                coreCount: 1, memoryByteCount: job.imageByteCount + Self.gpuHostByteCount,
                gpuMemoryByteCount: survey.arenaByteCount + job.keptByteCount
                    + Self.gpuOverheadByteCount)
            : JobNeeds(
                coreCount: threads,
                memoryByteCount: survey.arenaByteCount + job.imageByteCount
                    + Self.overheadByteCount)
        // A step computes about three forward passes.
        work = 3 * Double(survey.multiplyAdds) * Double(job.imagesToTrainOn)
    }
}

extension PreparedJob {
    /// Images that training sees from start to end, repetitions counted.
    public var imagesToTrainOn: Int { stepCount * specification.batchSize }

    /// The batches that the loaders of training and test images prepare ahead.
    private var loaderByteCount: Int {
        let images = specification.batchSize + specification.evaluationBatchSize
        return LoaderConfiguration.usualDepth * images * specification.imageShape.count * 4
    }

    /// Images of data sets that are held in memory, and the loaders' batches.
    fileprivate var imageByteCount: Int { loaderByteCount + pixelByteCount }

    /// Pixels that are held in memory.
    private var pixelByteCount: Int {
        let (settings, facts) = (specification.dataset, specification.dataset.name.facts)
        let count =
            (settings.trainCount ?? facts.trainingCount) + (settings.testCount ?? facts.testCount)
        let isInMemory = settings.name.kind != .photos || specification.smoke
        return isInMemory ? count * facts.imageShape.count : 0
    }

    /// What a GPU may keep of them.
    fileprivate var keptByteCount: Int {
        min(pixelByteCount, 2 * JobSpecification.mostKeptByteCount)
    }
}

extension [ScheduledJob] {
    /// In the order in which they should run: those that were interrupted; then the cheapest of
    /// each kind, so that a mistake shows early; then the rest. Cheap ones first, and of equal cost
    /// one seed of every row before the next seed, so that tables fill evenly.
    public func ordered(continuing interrupted: Set<String>) -> [ScheduledJob] {
        let byCost = indices.sorted { first, second in
            (self[first].work, self[first].job.specification.seed, first)
                < (self[second].work, self[second].job.specification.seed, second)
        }
        var kinds: Set<JobSpecification> = []
        let ranks = byCost.enumerated().map { place, index in
            let isCanary = kinds.insert(self[index].job.specification.planKey).inserted
            let isInterrupted = interrupted.contains(self[index].job.id)
            return (rank: isInterrupted ? 0 : isCanary ? 1 : 2, place: place)
        }
        return ranks.sorted { $0 < $1 }.map { self[byCost[$0.place]] }
    }
}

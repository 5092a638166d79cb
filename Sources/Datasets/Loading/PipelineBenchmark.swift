import Foundation

/// How fast images are read, decoded and prepared.
public struct PipelineSpeed: Hashable, Sendable, Codable {
    public let imageCount: Int
    public let wallSeconds: Double
    /// Of all threads together: what other processes do on the machine hardly shows in it.
    public let coreSeconds: Double

    /// Asks a loader for batches for some time, after a first batch that warms up caches.
    ///
    /// - Throws: what reading the images throws.
    public static func measure(
        _ dataset: Dataset, _ configuration: LoaderConfiguration, seconds: Double
    ) throws -> PipelineSpeed {
        let loader = try Loader(dataset, configuration)
        for _ in 0..<configuration.depth + 1 { try loader.withNextBatch { _ in } }
        let (start, coreStart) = (ContinuousClock.now, Self.processorSeconds)
        var imageCount = 0
        while ContinuousClock.now - start < .seconds(seconds) {
            try loader.withNextBatch { imageCount += $0.count }
        }
        return PipelineSpeed(
            imageCount: imageCount, wallSeconds: (ContinuousClock.now - start) / .seconds(1),
            coreSeconds: Self.processorSeconds - coreStart)
    }

    /// Processor time that this process has taken so far.
    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

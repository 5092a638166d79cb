import Foundation
import Metrics
import Training

/// What `bench` prints of one cell.
struct BenchEntry: Encodable {
    struct StepSeconds: Encodable {
        let median: Double
        let p10: Double
        let p90: Double
        let count: Int
        /// The median of each round: how steady the machine was between them.
        let rounds: [Double]
        /// Every step, in order.
        let samples: [Double]
    }

    /// One kind of operation in one step.
    struct Share: Encodable {
        let kind: String
        let seconds: Double
        let share: Double
        /// nil for what only moves memory.
        let gigaflopsPerSecond: Double?
        let gigabytesPerSecond: Double
        let shareOfMatrixPeak: Double?
        let shareOfCopyPeak: Double?
    }

    let spec: String
    let label: String
    let imagesPerSecond: Double
    let stepSeconds: StepSeconds
    /// (90th − 10th percentile) / median of the step times: how noisy the machine was.
    let noise: Double
    /// From the start of the process to the first step, the median over rounds.
    let startSeconds: Double
    let peakResidentBytes: Int
    let arenaBytes: Int
    let pageFaultsPerStep: Double
    let allocationsPerStep: Double
    let allocators: [BenchResult.Allocator]
    /// The instructions of the update, the median over rounds.
    let updateSeconds: Double
    let breakdown: [Share]
    let slowest: [BenchResult.Slow]
    let peaks: MachinePeaks?
    let machine: [String: String]

    /// nil where nothing was measured.
    init?(_ cell: BenchCell, peaks: MachinePeaks?) {
        let byMedian = cell.visits.sorted { $0.medianStep < $1.medianStep }
        guard let first = cell.visits.first else { return nil }
        // The instructions of the round in the middle stand for all.
        let typical = byMedian[byMedian.count / 2]
        let samples = cell.visits.flatMap(\.stepSeconds)
        let steps = Quantiles(samples)
        spec = cell.spec
        label = cell.label
        imagesPerSecond = Double(first.batchSize) / steps.median
        stepSeconds = StepSeconds(
            median: steps.median, p10: steps[0.1], p90: steps[0.9],
            count: samples.count, rounds: cell.visits.map(\.medianStep), samples: samples)
        noise = (steps[0.9] - steps[0.1]) / steps.median
        startSeconds = Quantiles(cell.visits.map(\.startSeconds)).median
        peakResidentBytes = cell.visits.map(\.peakResidentBytes).max() ?? 0
        arenaBytes = first.arenaBytes
        pageFaultsPerStep = Quantiles(cell.visits.map(\.pageFaultsPerStep)).median
        allocationsPerStep = Quantiles(cell.visits.map(\.allocationsPerStep)).median
        allocators = typical.allocators
        updateSeconds = Quantiles(cell.visits.map(\.updateSeconds)).median
        let whole = typical.breakdown.reduce(0) { $0 + $1.seconds }
        breakdown = typical.breakdown.map { Share($0, of: whole, peaks: peaks) }
        slowest = typical.slowest
        self.peaks = peaks
        machine = first.machine.merging(MachineDescription.current().facts) { $1 }
    }

    static func json(_ entries: [BenchEntry]) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(["specs": entries]), as: UTF8.self)
    }
}

extension BenchEntry.Share {
    init(_ share: BenchResult.Share, of whole: Double, peaks: MachinePeaks?) {
        kind = share.kind
        seconds = share.seconds
        self.share = whole > 0 ? share.seconds / whole : 0
        let seconds = max(share.seconds, 1e-9)
        gigaflopsPerSecond =
            share.multiplyAdds > 0 ? 2e-9 * Double(share.multiplyAdds) / seconds : nil
        gigabytesPerSecond = 1e-9 * Double(share.byteCount) / seconds
        shareOfMatrixPeak = gigaflopsPerSecond.flatMap { rate in
            peaks.map { rate / $0.matrixGigaflopsPerSecond }
        }
        shareOfCopyPeak = peaks.map { [gigabytesPerSecond] in
            gigabytesPerSecond / $0.copyGigabytesPerSecond
        }
    }
}

extension BenchResult {
    fileprivate var medianStep: Double { Quantiles(stepSeconds).median }
}

import Foundation
import Testing

/// What a steady step may cost besides time. Nothing here is timed.
@Suite("Benchmarks")
struct BenchTests {
    private struct Document: Decodable {
        struct Entry: Decodable {
            let imagesPerSecond: Double
            let peakResidentBytes: Double
            let arenaBytes: Double
            let pageFaultsPerStep: Double
            let allocationsPerStep: Double
            let allocators: [Allocator]
            let startSeconds: Double
            let noise: Double
            let breakdown: [Share]
            let peaks: Peaks
        }

        struct Allocator: Decodable {
            let operation: String
            let implementation: String?
            let allocations: Double
        }

        struct Share: Decodable {
            let kind: String
            let seconds: Double
            let share: Double
            let gigaflopsPerSecond: Double?
            let shareOfMatrixPeak: Double?
        }

        struct Peaks: Decodable {
            let matrixGigaflopsPerSecond: Double
            let copyGigabytesPerSecond: Double
        }

        let specs: [Entry]
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    private func bench(_ arguments: String...) throws -> Document.Entry {
        let answer = try Program.run(
            ["bench"] + arguments + ["--json", "--seconds", "0.1", "--rounds", "1"])
        #expect(answer.code == 0, "\(answer.error)")
        let document = try Self.decoder.decode(Document.self, from: Data(answer.output.utf8))
        return try #require(document.specs.first)
    }

    @Test("ResNet-18 at batch 128 stays within 15 % of the memory that its plan announces")
    func memory() throws {
        let entry = try bench("experiments/cifar10_resnet18.spec", "--set", "gc=gc")
        #expect(entry.arenaBytes > 500e6)
        #expect(
            entry.peakResidentBytes < 1.15 * entry.arenaBytes,
            "\(entry.peakResidentBytes) of \(entry.arenaBytes)")
        let kinds = Set(entry.breakdown.map(\.kind))
        #expect(kinds.isSuperset(of: ["convolution_forward", "convolution_by_weights", "update"]))
    }

    /// oneDNN makes five or six small allocations for each primitive it runs, for the map of its
    /// arguments; only its convolutions and reorders may be among those that allocate. Besides, the
    /// writing of the inputs makes two a step, and the measurement three in all.
    @Test("The instructions of a steady step allocate nothing of ours and touch no new page")
    func steadyStep() throws {
        let entry = try bench(
            "experiments/quickstart.spec", "--set", "gc=gc", "--set", "batch_size=64")
        let listed = entry.allocators.reduce(0) { $0 + $1.allocations }
        #expect(abs(entry.allocationsPerStep - listed) < 3, "\(entry.allocationsPerStep)")
        for allocator in entry.allocators {
            let isOfLibrary =
                allocator.implementation.map { by in
                    !["pointwise", "winograd", "pairs"].contains { by.hasPrefix($0) }
                } ?? allocator.operation.hasPrefix("reorder")
            #expect(isOfLibrary, "\(allocator.operation)")
        }
        #expect(entry.pageFaultsPerStep < 2, "\(entry.pageFaultsPerStep)")
    }

    /// The forward convolutions of this ResNet-8 are 12,500,992 multiply-adds an image.
    @Test("Rates follow from times and operations, and shares add up")
    func rates() throws {
        let entry = try bench(
            "experiments/quickstart.spec", "--set", "gc=none", "--set", "batch_size=64")
        let forward = try #require(entry.breakdown.first { $0.kind == "convolution_forward" })
        let rate = try #require(forward.gigaflopsPerSecond)
        let share = try #require(forward.shareOfMatrixPeak)
        #expect(abs(rate * 1e9 * forward.seconds / (2 * 64 * 12_500_992) - 1) < 1e-9)
        #expect(abs(share * entry.peaks.matrixGigaflopsPerSecond / rate - 1) < 1e-9)
        #expect(abs(entry.breakdown.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(entry.breakdown.contains { $0.kind == "data" })
        #expect(entry.peaks.copyGigabytesPerSecond > 0 && entry.startSeconds > 0)
    }

    @Test("Evaluation alone has no update and no backward pass")
    func evaluation() throws {
        let entry = try bench("experiments/quickstart.spec", "--set", "gc=none", "--evaluation")
        let kinds = Set(entry.breakdown.map(\.kind))
        #expect(kinds.contains("convolution_forward"))
        #expect(
            kinds.isDisjoint(with: ["convolution_by_weights", "convolution_by_data", "update"]))
    }
}

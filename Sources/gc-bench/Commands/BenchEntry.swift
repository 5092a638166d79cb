import Foundation
import Training

/// What `bench` prints of one cell.
struct BenchEntry: Encodable {
    let spec: String
    let label: String
    let imagesPerSecond: Double
    let stepSeconds: BenchResult.StepSeconds
    let peakResidentBytes: Int
    let arenaBytes: Int
    let pageFaultsPerStep: Double
    let allocationsPerStep: Double
    let updateSeconds: Double
    let breakdown: [BenchResult.Share]
    let slowest: [BenchResult.Slow]
    let machine: [String: String]

    init(spec: String, label: String, result: BenchResult) {
        self.spec = spec
        self.label = label
        imagesPerSecond = result.imagesPerSecond
        stepSeconds = result.stepSeconds
        peakResidentBytes = result.peakResidentBytes
        arenaBytes = result.arenaBytes
        pageFaultsPerStep = result.pageFaultsPerStep
        allocationsPerStep = result.allocationsPerStep
        updateSeconds = result.updateSeconds
        breakdown = result.breakdown
        slowest = result.slowest
        machine = result.machine.merging(MachineDescription.current().facts) { $1 }
    }

    static func json(_ entries: [BenchEntry]) throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(["specs": entries]), as: UTF8.self)
    }

    func text(showsSlowest: Bool) -> String {
        let step = stepSeconds
        let head = """
            \(label)
              \(Units.fixed(imagesPerSecond, 1)) images/s; a step takes \
            \(milliseconds(step.median)) ms (\(milliseconds(step.p10)) to \
            \(milliseconds(step.p90)) ms, 10th to 90th percentile of \(step.count))
              arena \(Units.bytes(arenaBytes)), peak resident \(Units.bytes(peakResidentBytes)), \
            \(Units.fixed(pageFaultsPerStep, 1)) page faults and \
            \(Units.fixed(allocationsPerStep, 1)) allocations a step

            """
        return head + "\n" + kinds + (showsSlowest ? "\n" + slow : "")
    }

    private var kinds: String {
        var table = TextTable([
            .left("  kind"), .right("ms"), .right("share"), .right("GFLOP/s"),
        ])
        for share in breakdown {
            table.add([
                "  \(share.kind)", milliseconds(share.seconds),
                Units.fixed(100 * share.share, 1) + " %",
                share.gigaflopsPerSecond.map { Units.fixed($0, 0) } ?? "",
            ])
        }
        return table.text
    }

    private var slow: String {
        var table = TextTable([.left("  scope"), .left("instruction"), .right("ms")])
        for instruction in slowest {
            table.add([
                "  \(instruction.scope)", instruction.operation,
                milliseconds(instruction.seconds),
            ])
        }
        return table.text
    }

    private func milliseconds(_ seconds: Double) -> String { Units.fixed(1e3 * seconds, 2) }
}

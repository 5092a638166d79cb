import Training

extension BenchEntry {
    func text(showsSlowest: Bool) -> String {
        let step = stepSeconds
        let head = """
            \(label)
              \(Units.fixed(imagesPerSecond, 1)) images/s; a step takes \
            \(milliseconds(step.median)) ms (\(milliseconds(step.p10)) to \
            \(milliseconds(step.p90)) ms, 10th to 90th percentile of \(step.count))
              noise \(percent(noise)); medians of the rounds \
            \(step.rounds.map(milliseconds).joined(separator: ", ")) ms
              \(Units.fixed(startSeconds, 2)) s from the start to the first step; arena \
            \(Units.bytes(arenaBytes)), peak resident \(Units.bytes(peakResidentBytes))
              \(Units.fixed(pageFaultsPerStep, 1)) page faults and \
            \(Units.fixed(allocationsPerStep, 1)) allocations a step\(allocatorLines)\(peakLine)

            """
        return head + "\n" + kinds + (showsSlowest ? "\n" + slow : "")
    }

    /// Who allocates: what is not listed does not.
    private var allocatorLines: String {
        allocators.map { allocator in
            let by = allocator.implementation.map { " by \($0)" } ?? ""
            let each = allocator.allocations / Double(allocator.instructionCount)
            return "\n    \(Units.fixed(allocator.allocations, 0)) in "
                + "\(allocator.instructionCount) × \(allocator.operation)\(by), "
                + "\(Units.fixed(each, 1)) each"
        }.joined()
    }

    private var peakLine: String {
        guard let peaks else { return "" }
        return """

              the machine at best: matrix product \
            \(Units.fixed(peaks.matrixGigaflopsPerSecond, 0)) GFLOP/s, copy \
            \(Units.fixed(peaks.copyGigabytesPerSecond, 1)) GB/s
            """
    }

    private var kinds: String {
        var table = TextTable([
            .left("  kind"), .right("ms"), .right("share"), .right("GFLOP/s"), .right("of peak"),
            .right("GB/s"), .right("of peak"),
        ])
        for share in breakdown {
            table.add([
                "  \(share.kind)", milliseconds(share.seconds), percent(share.share),
                share.gigaflopsPerSecond.map { Units.fixed($0, 0) } ?? "",
                share.shareOfMatrixPeak.map(percent) ?? "",
                Units.fixed(share.gigabytesPerSecond, 1),
                share.shareOfCopyPeak.map(percent) ?? "",
            ])
        }
        return table.text
    }

    private var slow: String {
        var table = TextTable([
            .left("  scope"), .left("instruction"), .left("by"), .right("ms"), .right("GFLOP/s"),
        ])
        for instruction in slowest {
            let rate = 2e-9 * Double(instruction.multiplyAdds) / max(instruction.seconds, 1e-9)
            table.add([
                "  \(instruction.scope)", instruction.operation,
                instruction.implementation ?? "",
                milliseconds(instruction.seconds), rate > 0 ? Units.fixed(rate, 0) : "",
            ])
        }
        return table.text
    }

    private func milliseconds(_ seconds: Double) -> String { Units.fixed(1e3 * seconds, 2) }

    private func percent(_ share: Double) -> String { Units.fixed(100 * share, 1) + " %" }
}

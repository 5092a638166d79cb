import Foundation
import Metrics
import Testing

/// Simulated papers with known truth: how often does a verdict claim what is not so?
///
/// A short form runs always; ten thousand papers of each kind, and the table of their rates, with
/// `GC_BENCH_RATES=FILE swift test -c release --filter ErrorRateTests`.
@Suite("False claims")
struct ErrorRateTests {
    private static let path = ProcessInfo.processInfo.environment["GC_BENCH_RATES"]

    @Test(
        "At most 5 % of verdicts are false, for no effect, one of δ and one of 2δ",
        arguments: [3, 6, 10, 20], [0, 1, 2])
    func rates(seeds: Int, offset: Int) throws {
        let papers = SyntheticPapers(seedCount: seeds, offset: offset, count: 1_000)
        try check(papers, try papers.claims())
    }

    /// 5 % and three standard errors of the simulation.
    private func check(_ papers: SyntheticPapers, _ claims: SyntheticPapers.Claims) throws {
        let count = Double(papers.count)
        let bound = 0.05 + 3 * (0.05 * 0.95 / count).squareRoot()
        for claim in SyntheticPapers.Claim.allCases where claim.isFalse(at: papers.offset) {
            let rate = Double(claims[claim]) / count
            #expect(rate <= bound, "\(claim.rawValue): \(rate) of \(papers)")
        }
    }

    @Test("A true effect of 2δ is found, and a true equivalence too")
    func power() throws {
        let effect = try SyntheticPapers(seedCount: 20, offset: 2, count: 200).claims()
        #expect(effect[.helps] > 190)
        #expect(effect[.contradicted] > 150)
        let none = try SyntheticPapers(seedCount: 20, offset: 0, count: 200).claims()
        #expect(none[.equivalent] > 190)
        #expect(none[.reproduced] > 150)
    }

    @Test("Ten thousand papers of each kind: the table of rates", .enabled(if: path != nil))
    func table() throws {
        let kinds = SyntheticPapers.Claim.allCases
        var lines = [
            "| offset | seeds | " + kinds.map(\.rawValue).joined(separator: " | ") + " |",
            "|-------:|------:|" + String(repeating: "--:|", count: kinds.count),
        ]
        for offset in 0...2 {
            for seeds in [3, 4, 5, 6, 8, 10, 14, 20] {
                let papers = SyntheticPapers(seedCount: seeds, offset: offset, count: 10_000)
                let claims = try papers.claims()
                try check(papers, claims)
                let cells = kinds.map { kind in
                    let rate = String(format: "%.2f", Double(claims[kind]) / 100)
                    return kind.isFalse(at: offset) ? "**\(rate)**" : rate
                }
                let name = ["0", "δ", "2δ"][offset]
                lines.append("| \(name) | \(seeds) | \(cells.joined(separator: " | ")) |")
            }
        }
        let text = lines.joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: try #require(Self.path)))
    }
}

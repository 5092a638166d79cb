import Metrics
import Records

extension Comparison {
    /// For a person: Markdown that reads well unrendered, too.
    public var text: String {
        let sides = [("A", first), ("B", second)].map { name, side in side.line(name) }
        var blocks = [sides.joined(separator: "\n"), pairingLine, Markdown.table(grid)]
        if let target { blocks.append(target.text(target.target)) }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    private var pairingLine: String {
        guard let judgement = metrics.first?.judgement else { return "" }
        switch (pairing, judgement) {
        case (.none, _), (_, .unpaired):
            return "not paired: the seeds of the two have nothing in common; Welch's t test"
        case (_, .paired(let effect)):
            return "paired \(pairing.rawValue): \(effect.count) pairs; exact sign-flip test"
        }
    }

    private var grid: Grid {
        func column(_ heading: String, _ text: (MetricComparison) -> String) -> Grid.Column {
            Grid.Column(heading: heading, kind: .number, cells: metrics.map(text))
        }
        return Grid(columns: [
            Grid.Column(heading: "last epoch", kind: .text, cells: metrics.map(\.name)),
            column("A") { Numbers.spread($0.first) }, column("B") { Numbers.spread($0.second) },
            column("B − A") { $0.judgement.mean.map(Numbers.signed) ?? Numbers.notAvailable },
            column("95 % interval") { $0.judgement.interval.map(Numbers.interval) ?? "n/a" },
            column("p (smallest possible)") { $0.judgement.pText },
            column("equivalence p") { Numbers.probability($0.judgement.equivalenceP) },
            Grid.Column(heading: "verdict", kind: .verdict, cells: metrics.map(\.verdict)),
        ])
    }
}

extension Comparison.Side {
    fileprivate func line(_ name: String) -> String {
        let rows = Set(jobs.map { JobNames($0).row }).sorted().joined(separator: "; ")
        let missing = unfinishedCount > 0 ? "; \(unfinishedCount) more without a result" : ""
        return "\(name): \(selection): \(jobs.count) \(jobs.count == 1 ? "job" : "jobs") "
            + "(\(rows))\(missing)"
    }
}

extension MetricComparison {
    fileprivate var name: String {
        metric.heading + (metric.unit.isEmpty ? "" : " (\(metric.unit))")
    }

    fileprivate var verdict: String {
        switch judgement.verdict {
        case .helps: "B is better"
        case .hurts: "B is worse"
        case .equivalent: "equivalent"
        case .inconclusive(let needed):
            "inconclusive" + (needed.map { " (about \($0) seeds needed)" } ?? "")
        }
    }
}

extension MetricComparison.Judgement {
    fileprivate var pText: String {
        Numbers.probability(p) + (smallestP.map { " (\(Numbers.probability($0) as String))" } ?? "")
    }
}

extension TargetComparison {
    fileprivate func text(_ target: Target) -> String {
        func column(_ heading: String, _ times: Times) -> Grid.Column {
            Grid.Column(
                heading: heading, kind: .number,
                cells: [
                    Self.rate(times.rate), Self.time(times.medianEpochs, digits: 1),
                    times.medianSeconds.map { Self.time($0, digits: 1) } ?? Numbers.notAvailable,
                ])
        }
        let ratios = [
            "", Self.ratio(first.medianEpochs, second.medianEpochs),
            first.medianSeconds.flatMap { first in
                second.medianSeconds.map { Self.ratio(first, $0) }
            } ?? Numbers.notAvailable,
        ]
        let grid = Grid(columns: [
            Grid.Column(
                heading: "until \(target.metric) of \(Numbers.fixed(target.value))", kind: .text,
                cells: ["reached by", "median epochs", "median seconds of training"]),
            column("A", first), column("B", second),
            Grid.Column(heading: "B / A", kind: .number, cells: ratios),
        ])
        return Markdown.table(grid) + "\n\nA job that never gets there counts as ∞ in the median; "
            + "shares have Wilson's 95 % interval."
    }

    private static func rate(_ rate: HitRate) -> String {
        let interval = rate.interval.map {
            " (\(Numbers.fixed(100 * $0.low, digits: 0)) to "
                + "\(Numbers.fixed(100 * $0.high, digits: 0)) %)"
        }
        return "\(rate.hits) of \(rate.count)\(interval ?? "")"
    }

    private static func time(_ value: Double, digits: Int) -> String {
        value.isFinite ? Numbers.fixed(value, digits: digits) : "∞"
    }

    /// Nothing can be said of two that never get there.
    private static func ratio(_ first: Double, _ second: Double) -> String {
        if !first.isFinite && !second.isFinite { return Numbers.notAvailable }
        return first > 0 ? time(second / first, digits: 2) : Numbers.notAvailable
    }
}

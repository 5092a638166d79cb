import Foundation
import Metrics
import Records
import Reports
import Testing

@Suite("Comparisons")
struct ComparisonTests {
    private static func entries(_ accuracies: [String: [[Double]]]) -> [Entry] {
        accuracies.flatMap { gc, seeds in
            seeds.enumerated().map { Entry(gc: gc, seed: $0, fate: .finished($1)) }
        }
    }

    private static let arms = [
        "none": [[60, 70.1], [61, 71.2], [59, 69.7]],
        "gc": [[69, 72.0], [70, 73.4], [50, 71.2]],
    ]

    private func compare(
        _ first: String, _ second: String, in entries: [Entry], metric: String? = nil,
        margin: Double? = nil, target: String? = nil
    ) throws -> Comparison {
        let store = try fixedStore(entries)
        return try Comparison(
            JobSelector(first), JobSelector(second), among: store.jobs(),
            question: .init(
                metric: metric, margin: margin, target: target.flatMap { Target($0) }),
            measurements: store.measurements)
    }

    /// Oracle: SciPy, `stats.t.interval` of the differences 1.9, 2.2 and 1.5.
    @Test("Selections with the same seeds are paired by seed")
    func paired() throws {
        let comparison = try compare("gc=none", "gc=gc", in: Self.entries(Self.arms))
        #expect(comparison.pairing == .bySeed)
        #expect(comparison.text.contains("paired by seed: 3 pairs"))
        let line = try #require(
            comparison.text.split(separator: "\n").first { $0.hasPrefix("| test accuracy") })
        #expect(line.contains("| 70.33 ± 0.78 |") && line.contains("| 72.20 ± 1.11 |"))
        #expect(line.contains("+1.87") && line.contains("+0.99 to +2.74"))
        #expect(line.contains("0.25 (0.25)"))
    }

    @Test("The other way round every sign turns")
    func reversed() throws {
        let text = try compare("gc=gc", "gc=none", in: Self.entries(Self.arms)).text
        #expect(text.contains("-1.87") && text.contains("-2.74 to -0.99"))
    }

    @Test("Rows that both differ in the mode only are paired by row and seed")
    func rows() throws {
        var entries = Self.entries(Self.arms)
        entries += entries.map { entry in
            var other = entry
            other.backbone = "resnet20"
            return other
        }
        let comparison = try compare("gc=none", "gc=gc", in: entries)
        #expect(comparison.pairing == .byRowAndSeed)
        #expect(comparison.text.contains("6 pairs"))
        let one = try compare("gc=none,backbone=resnet8", "gc=gc,backbone=resnet8", in: entries)
        #expect(one.pairing == .bySeed)
    }

    /// Oracle: SciPy, `stats.ttest_ind(equal_var=False)`: 8.5765 to 10.4369, ν = 8.992; and with ν = 2,
    /// `stats.t.ppf(0.975, 2)` times the same standard error for three seeds each: 6.5212 to 12.8122.
    @Test("Without common seeds it is Welch's test, with fewer degrees of freedom for few seeds")
    func unpaired() throws {
        func comparison(_ first: [Double], _ second: [Double]) throws -> Comparison {
            var entries = Self.entries(["none": first.map { [$0] }])
            for (seed, accuracy) in second.enumerated() {
                entries.append(Entry(gc: "gc", seed: seed + 10, fate: .finished([accuracy])))
            }
            return try compare("gc=none", "gc=gc", in: entries)
        }
        let (first, second) = ([70.1, 71.2, 69.7, 70.4, 70.9], [79, 80, 81, 80.5, 79.2, 80.1])
        let many = try comparison(first, second)
        #expect(many.pairing == .none)
        #expect(many.text.contains("not paired"))
        #expect(many.text.contains("+8.58 to +10.44"), "\(many.text)")
        #expect(many.text.contains("B is better"))
        let few = try comparison(Array(first.prefix(3)), Array(second.prefix(3)))
        #expect(few.text.contains("+6.52 to +12.81"), "\(few.text)")
    }

    @Test("Time to target keeps what never gets there as infinite")
    func target() throws {
        let target = try #require(
            try compare(
                "gc=none", "gc=gc", in: Self.entries(Self.arms), target: "test_accuracy=69"
            ).target)
        #expect(target.first.epochs == [2, 2, 2] && target.second.epochs == [1, 1, 2])
        #expect(target.second.medianEpochs == 1)
        let high = try #require(
            try compare(
                "gc=none", "gc=gc", in: Self.entries(Self.arms), target: "test_accuracy=72"
            ).target)
        #expect(high.first.medianEpochs == .infinity && high.first.rate.hits == 0)
        #expect(high.second.epochs == [2, 2, .infinity] && high.second.medianEpochs == 2)
        // Wilson for 2 of 3, by hand: (0.6667 + 0.64038) / 2.28048 ± …
        let interval = try #require(high.second.rate.interval)
        #expect(abs(interval.low - 0.2077) < 5e-4 && abs(interval.high - 0.9385) < 5e-4)
    }

    @Test("A loss is reached from above, and two middles with a miss are a miss")
    func lowerIsBetter() throws {
        let arms = ["none": [[1.0], [1]], "gc": [[1.0], [1]]]
        let met = try compare("gc=none", "gc=gc", in: Self.entries(arms), target: "train_loss=1")
        #expect(met.target?.first.medianEpochs == 1)
        let missed = try compare(
            "gc=none", "gc=gc", in: Self.entries(arms), target: "train_loss=0.5")
        #expect(missed.target?.first.medianEpochs == .infinity)
        #expect(missed.text.contains("∞"))
    }

    @Test(
        "A selection is fields, the beginning of an id, or a row",
        arguments: [
            ("gc=gc", 3), ("gc=gc,seed=0", 1), ("gc=gc,gc=none", 6), ("seed=0,seed=2", 4),
            ("quickstart-resnet8-gc-1", 1), ("resnet8 bn sgd, gc", 3), ("RESNET8 BN SGD", 6),
            ("epochs=2.0,table=quickstart", 6), ("synthetic=true", 6),
        ])
    func selections(_ text: String, count: Int) throws {
        let jobs = try fixedStore(Self.entries(Self.arms)).jobs()
        #expect(try JobSelector(text).jobs(among: jobs).count == count)
    }

    @Test(
        "A selection that names nothing says what it could be",
        arguments: [
            ("gx=gc", "they have"), ("gc=gcc", "of gc there is gc, none"),
            ("quickstart-resnet8", "6 jobs start"), ("nope", "FIELD=VALUE"), ("", "FIELD=VALUE"),
            ("gc=", "there is gc, none"),
        ])
    func mistakes(_ text: String, _ part: String) throws {
        let jobs = try fixedStore(Self.entries(Self.arms)).jobs()
        let error = #expect(throws: SelectionError.self) {
            try JobSelector(text).jobs(among: jobs)
        }
        #expect("\(try #require(error))".contains(part))
    }

    @Test("What cannot be compared is refused")
    func refused() throws {
        let entries = Self.entries(Self.arms)
        let overlap = #expect(throws: ComparisonError.self) {
            try compare("gc=none", "seed=0", in: entries)
        }
        #expect("\(try #require(overlap))".contains("1 jobs are in both"))
        var real = entries[0]
        real.evidence = JobEvidence()
        real.backbone = "resnet20"
        let mixed = #expect(throws: ComparisonError.self) {
            try compare("backbone=resnet8", "backbone=resnet20", in: entries + [real])
        }
        #expect("\(try #require(mixed))".contains("synthetic=false"))
        let metric = #expect(throws: ComparisonError.self) {
            try compare("gc=none", "gc=gc", in: entries, metric: "rank1")
        }
        #expect("\(try #require(metric))".contains("test_accuracy"))
        #expect(throws: ComparisonError.self) {
            try compare("gc=none", "gc=gc", in: entries, target: "images_per_second=3")
        }
        #expect(throws: ComparisonError.self) {
            try compare("gc=none", "gc=gc", in: [Entry(), Entry(gc: "gc")])
        }
    }
}

import Specifications
import Testing

/// Single edits of specs that are right, the same ones in every run.
struct Mutator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Knuth's MMIX constants; the upper bits.
    mutating func next(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    struct Mutant: CustomTestStringConvertible {
        let text: String
        /// The lines that the edit touched, from 1.
        let lines: ClosedRange<Int>
        let edit: String
        var testDescription: String { edit }
    }

    private static let inserts = Array("abcxyzEN0159-_.,:;#[]{}\"'&*!|>%@`?$ \t\n~=/\\+é")

    mutating func mutant(of text: String) -> Mutant {
        var characters = Array(text)
        let place = next(below: characters.count)
        let line = characters[..<place].count { $0 == "\n" } + 1
        let old = characters[place]
        let new = Self.inserts[next(below: Self.inserts.count)]
        let edit: String
        switch next(below: 3) {
        case 0:
            characters.remove(at: place)
            edit = "delete \(String(reflecting: old))"
        case 1:
            characters.insert(new, at: place)
            edit = "insert \(String(reflecting: new))"
        default:
            characters[place] = new
            edit = "replace \(String(reflecting: old)) with \(String(reflecting: new))"
        }
        let last = new == "\n" || old == "\n" ? line + 1 : line
        return Mutant(text: String(characters), lines: line...last, edit: "\(edit) at \(place)")
    }
}

extension Mutator {
    private static let rich = """
        # A spec with everything.
        table: sweep
        dataset: {name: shapes, train: 1000, test: 100}
        augmentation: standard
        backbone: [resnet8, resnet20]
        stem: cifar
        normalization: [bn, {name: gn, groups: [8, 16]}]
        initialization: torch
        optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9, nesterov: true}
        gc: [none, "gc"]
        label_smoothing: 0.1        # a comment
        schedule: {name: milestones, milestones: [60, 120], factor: 0.1, warm_up_epochs: 5}
        epochs: 200
        batch_size: 128
        evaluation_batch_size: 100
        precision: float32
        threads: auto
        seeds: [0, 3]
        variants: [{label: 'a', epochs: 3}, {label: 'b', optimizer: {momentum: 0.5}}]

        """

    static func originals() throws -> [String] {
        [rich] + (try Fixture.committedSpecs().map { try SpecificationFile.read($0) })
    }

    static func mutants() throws -> [Mutant] {
        try originals().enumerated().flatMap { index, text in
            var mutator = Mutator(seed: UInt64(index + 1))
            return (0..<500).map { _ in mutator.mutant(of: text) }
        }
    }
}

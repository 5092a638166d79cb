import Specifications
import Testing
import Yams

/// Single edits of specs that are right, the same ones in every run.
private struct Mutator {
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

@Suite("Mutations")
struct MutationTests {
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

    private static func originals() throws -> [String] {
        [rich] + (try Fixture.committedSpecs().map { try SpecificationFile.read($0) })
    }

    private static func mutants() throws -> [Mutator.Mutant] {
        try originals().enumerated().flatMap { index, text in
            var mutator = Mutator(seed: UInt64(index + 1))
            return (0..<500).map { _ in mutator.mutant(of: text) }
        }
    }

    /// The keys that a map may have, written down here once more on purpose.
    private static let keys: [String: Set<String>] = [
        "": [
            "table", "label", "dataset", "augmentation", "backbone", "stem", "normalization",
            "initialization", "optimizer", "gc", "label_smoothing", "schedule", "epochs",
            "batch_size", "evaluation_batch_size", "precision", "threads", "seeds", "variants",
            "parameter_groups", "pretrained",
        ],
        "pretrained": ["path", "digest", "replace_classifier"],
        "dataset": ["name", "root", "train", "test"],
        "normalization": ["name", "groups"],
        "optimizer": [
            "name", "learning_rate", "momentum", "dampening", "weight_decay", "nesterov",
            "convention", "betas", "epsilon", "rho", "amsgrad", "centered", "initial_accumulator",
            "learning_rate_decay", "lookahead", "lookahead_share", "clip_norm",
        ],
        "parameter_groups": [
            "parameters", "weight_decay", "learning_rate_factor", "frozen", "optimizer",
            "scheduled",
        ],
        "schedule": [
            "name", "every", "factor", "milestones", "final", "warm_up_epochs", "warm_up_start",
            "warm_up_iterations", "warm_up_per", "per", "power", "rise", "start",
        ],
    ]

    /// The keys of a document that no map may have, as an independent reading of it finds them.
    private static func unknownKeys(_ node: Node, under path: String = "") -> [String] {
        switch node {
        case .mapping(let mapping):
            let known = keys[path] ?? []
            return mapping.flatMap { key, value in
                let name = key.string ?? "?"
                let inner = name == "variants" ? "" : name
                return (known.contains(name) ? [] : [name]) + unknownKeys(value, under: inner)
            }
        case .sequence(let sequence): return sequence.flatMap { unknownKeys($0, under: path) }
        case .scalar, .alias: return []
        }
    }

    @Test("No mutation crashes, no unknown key is accepted, and 99 % are blamed on their line")
    func characters() throws {
        var invalid = 0
        var astray: [String] = []
        for mutant in try Self.mutants() {
            do {
                _ = try Experiment(parsing: mutant.text, path: "a.spec")
                let node = try Yams.compose(yaml: mutant.text)
                #expect(node.map { Self.unknownKeys($0) } == [], "\(mutant.edit)")
            } catch let error as SpecificationError {
                invalid += 1
                #expect(!error.diagnostics.isEmpty)
                if !error.diagnostics.contains(where: { mutant.lines.contains($0.line ?? 0) }) {
                    astray.append("\(mutant.edit), lines \(mutant.lines): \(error)")
                }
            }
        }
        #expect(invalid > 1_000)
        #expect(astray.count * 100 <= invalid, "\(astray.joined(separator: "\n\n"))")
    }

    @Test("A key that is misspelled anywhere is refused on its line, with the right one named")
    func misspelledKeys() throws {
        for text in try Self.originals() {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                for key in Self.keys(in: line) {
                    let misspelled = line.replacing(
                        "\(key): ", with: "\(key)q: ", maxReplacements: 1)
                    let found = Self.diagnostics(lines, replacing: index, with: String(misspelled))
                        .first { $0.message.contains("'\(key)q'") }
                    #expect(found?.line == index + 1, "\(misspelled)")
                    #expect(found?.nearest == key, "\(misspelled)")
                }
            }
        }
    }

    /// The words before a colon, outside comments.
    private static func keys(in line: Substring) -> Set<String> {
        let code = line.prefix { $0 != "#" }
        let parts = code.split(separator: ": ", omittingEmptySubsequences: false).dropLast()
        return Set(
            parts.map { String($0.reversed().prefix { $0.isLetter || $0 == "_" }.reversed()) })
    }

    private static func diagnostics(
        _ lines: [Substring], replacing index: Int, with line: String
    ) -> [Diagnostic] {
        var lines = lines.map { String($0) }
        lines[index] = line
        do {
            _ = try Experiment(parsing: lines.joined(separator: "\n"), path: "a.spec")
            return []
        } catch {
            return error.diagnostics
        }
    }

    @Test("A value of the wrong type is refused on its line")
    func wrongTypes() throws {
        for text in try Self.originals() {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                guard let colon = line.firstRange(of: ": "), !line.hasPrefix("#") else { continue }
                for value in ["true", "{zzz: 1}", "[[[]]]", "~", "\"\"", "-0.5e3"] {
                    let mutated = "\(line[..<colon.lowerBound]): \(value)"
                    let found = Self.diagnostics(lines, replacing: index, with: mutated)
                    #expect(found.contains { $0.line == index + 1 }, "\(mutated)")
                }
            }
        }
    }
}

import Specifications
import Testing
import Yams

@Suite("Mutations")
struct MutationTests {
    /// The keys that a map may have, written down here once more on purpose.
    private static let keys: [String: Set<String>] = [
        "": [
            "table", "label", "dataset", "augmentation", "backbone", "stem", "normalization",
            "initialization", "optimizer", "gc", "label_smoothing", "schedule", "epochs",
            "batch_size", "evaluation_batch_size", "precision", "threads", "seeds", "variants",
            "parameter_groups", "pretrained", "head", "quirks", "replicas", "drop_last",
            "validation",
        ],
        "head": ["name", "dimension", "iterations"],
        "pretrained": ["path", "digest", "replace_classifier"],
        "dataset": [
            "name", "root", "train", "test", "classes", "decode", "corrupt_images", "shorter_side",
        ],
        "backbone": ["name", "stride_in"],
        "normalization": ["name", "groups", "weight_standardization"],
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
        for mutant in try Mutator.mutants() {
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
        for text in try Mutator.originals() {
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
        for text in try Mutator.originals() {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            for (index, line) in lines.enumerated() {
                guard let colon = line.firstRange(of: ": "), !line.hasPrefix("#") else { continue }
                for value in ["true", "{zzz: 1}", "[[[]]]", "~", "\"\"", "-0.5e3"]
                where value != "true" || !line.hasPrefix("drop_last") {
                    let mutated = "\(line[..<colon.lowerBound]): \(value)"
                    let found = Self.diagnostics(lines, replacing: index, with: mutated)
                    #expect(found.contains { $0.line == index + 1 }, "\(mutated)")
                }
            }
        }
    }
}

import Foundation
import Specifications

/// A spec that is right; tests change one thing at a time.
enum Fixture {
    static let lines = [
        "dataset: cifar10",
        "backbone: resnet18",
        "optimizer: {name: sgd, learning_rate: 0.1}",
        "epochs: 2",
        "batch_size: 128",
    ]

    static var text: String { lines.joined(separator: "\n") + "\n" }

    /// The fixture with lines replaced by key, and others added at its end.
    static func text(_ changes: String...) -> String {
        var lines = lines
        for change in changes {
            let key = change.prefix { $0 != ":" } + ":"
            if let index = lines.firstIndex(where: { $0.hasPrefix(key) }) {
                lines[index] = change
            } else {
                lines.append(change)
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    static func experiment(
        _ changes: String..., set overrides: [String] = [], seeds: [Int]? = nil
    ) throws -> Experiment {
        let text = changes.reduce(text) { text, change in text + change + "\n" }
        return try Experiment(parsing: text, path: "a.spec", overrides: overrides, seeds: seeds)
    }

    /// The mistakes of a text, as they are printed.
    static func messages(_ text: String, set overrides: [String] = []) -> String {
        do {
            _ = try Experiment(parsing: text, path: "a.spec", overrides: overrides)
            return "no mistake"
        } catch {
            return error.description
        }
    }

    static var experimentsFolder: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Experiments")
    }

    /// The spec files of the repository, by name.
    static func committedSpecs() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: experimentsFolder.path)
            .filter { $0.hasSuffix(".spec") }.sorted()
            .map { experimentsFolder.appendingPathComponent($0).path }
    }
}

import Foundation
import Testing

/// Bad input: one clear error, exit code 2, and nothing harmed.
@Suite("Mistakes")
struct MistakeTests {
    private static let spec = """
        dataset: shapes
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.1}
        epochs: 1
        batch_size: 8
        """

    @Test("A mistyped key is shown where it stands, with the nearest name")
    func mistypedKey() throws {
        let folder = try Program.Folder()
        let path = try folder.write(Self.spec + "\nbackbon: resnet8\n", to: "a.spec")
        let answer = try Program.run(["run", path], in: folder.url)
        #expect(answer.code == 2)
        #expect(answer.error.contains("a.spec:6:1: error:"), "\(answer.error)")
        #expect(answer.error.contains("backbone") && answer.error.contains("^"))
    }

    @Test("All mistakes of a spec are told at once")
    func allAtOnce() throws {
        let folder = try Program.Folder()
        let text = Self.spec.replacingOccurrences(of: "resnet8", with: "resnet9")
            .replacingOccurrences(of: "batch_size: 8", with: "batch_size: -8")
        let answer = try Program.run(
            ["plan", try folder.write(text, to: "b.spec")], in: folder.url)
        #expect(answer.code == 2)
        #expect(answer.error.contains(":2:") && answer.error.contains(":5:"), "\(answer.error)")
    }

    @Test("A missing spec names those that are there")
    func missingSpec() throws {
        let answer = try Program.run(["run", "experiments/quikstart.spec"])
        #expect(answer.code == 2)
        #expect(answer.error.lowercased().contains("quickstart.spec"), "\(answer.error)")
    }

    @Test("A batch larger than the data set is refused before anything runs")
    func largeBatch() throws {
        let folder = try Program.Folder()
        let path = try folder.write(Self.spec, to: "c.spec")
        let answer = try Program.run(
            ["run", path, "--set", "batch_size=100000"], in: folder.url)
        #expect(answer.code == 2)
        #expect(answer.error.contains("batch_size"), "\(answer.error)")
    }

    @Test("A truncated CIFAR file is named with its length")
    func truncatedCIFAR() throws {
        let folder = try Program.Folder()
        let row = [UInt8](repeating: 0, count: 3_073)
        for name in (1...5).map({ "data_batch_\($0).bin" }) + ["test_batch.bin"] {
            let bytes = name == "data_batch_3.bin" ? Array((row + row).dropLast(7)) : row + row
            try Data(bytes).write(to: folder.url.appendingPathComponent(name))
        }
        let text = Self.spec.replacingOccurrences(of: "shapes", with: "cifar10")
        let answer = try Program.run(
            [
                "run", try folder.write(text, to: "d.spec"), "--data",
                "cifar10=\(folder.url.path)",
            ], in: folder.url)
        #expect(answer.code == 2)
        #expect(answer.error.contains("data_batch_3.bin"), "\(answer.error)")
    }

    @Test("A store made by a newer version is refused and left as it is")
    func newerStore() throws {
        let folder = try Program.Folder()
        let path = try folder.write(Self.spec, to: "e.spec")
        let store = folder.url.appendingPathComponent("other.sqlite")
        try Data("SQLite format 3\0 but not really one".utf8).write(to: store)
        let before = try Data(contentsOf: store)
        let answer = try Program.run(["run", path, "--db", store.path], in: folder.url)
        #expect(answer.code == 2)
        #expect(try Data(contentsOf: store) == before)
        #expect(try Program.run(["report", "--db", store.path]).code == 2)
    }

    @Test("A report without a store says how to make one")
    func noStore() throws {
        let folder = try Program.Folder()
        let answer = try Program.run(["report"], in: folder.url)
        #expect(answer.code == 2)
        #expect(answer.error.contains("gc-bench.sqlite"), "\(answer.error)")
    }
}

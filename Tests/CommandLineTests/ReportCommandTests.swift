import Foundation
import Testing

/// Reports as files, what was written held against the store, comparisons, the schema, completions.
@Suite("Reports on the command line", .serialized)
struct ReportCommandTests {
    /// A store of four jobs, trained once.
    static let folder = Result {
        let folder = try Program.Folder()
        let spec = try folder.write(
            """
            table: tiny
            dataset: {name: shapes, train: 64, test: 32}
            backbone: resnet8
            optimizer: {name: sgd, learning_rate: 0.05}
            gc: [none, gc]
            epochs: 2
            batch_size: 32
            threads: 1
            seeds: 2
            """, to: "tiny.spec")
        let answer = try Program.run(["run", spec, "--quiet"], in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        return folder
    }

    @Test(
        "A report that was written follows from the store until somebody changes it",
        arguments: ["md", "html", "csv", "json", "tex"])
    func check(_ ending: String) throws {
        let folder = try Self.folder.get()
        let name = "report.\(ending)"
        #expect(try Program.run(["report", "--output", name], in: folder.url).code == 0)
        let same = try Program.run(["report", "--check", name], in: folder.url)
        #expect(same.code == 0, "\(same.error)")
        let file = folder.url.appendingPathComponent(name)
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("tiny"))
        try Data(text.replacingOccurrences(of: "tiny", with: "tinier").utf8).write(to: file)
        let changed = try Program.run(["report", "--check", name], in: folder.url)
        #expect(changed.code == 2)
        #expect(changed.error.contains("report.\(ending):"), "\(changed.error)")
        #expect(changed.error.contains("tinier"))
    }

    @Test("A printed report is checked too, and so are the pictures of a written one")
    func pictures() throws {
        let folder = try Self.folder.get()
        let printed = try Program.run(["report"], in: folder.url).output
        _ = try folder.write(printed, to: "printed.md")
        #expect(try Program.run(["report", "--check", "printed.md"], in: folder.url).code == 0)
        #expect(try Program.run(["report", "-o", "drawn.md"], in: folder.url).code == 0)
        let picture = folder.url.appendingPathComponent("drawn-tiny-synthetic-train_loss.svg")
        try FileManager.default.removeItem(at: picture)
        let missing = try Program.run(["report", "--check", "drawn.md"], in: folder.url)
        #expect(missing.code == 2)
        #expect(missing.error.contains("train_loss.svg:1:"), "\(missing.error)")
        let none = try Program.run(["report", "--check", "none.md"], in: folder.url)
        #expect(none.code == 2 && none.error.hasPrefix("error: none.md: "), "\(none.error)")
    }

    @Test("Two selections are compared, as text and as JSON; mistakes are explained")
    func compare() throws {
        let folder = try Self.folder.get()
        let target = ["--target", "test_accuracy=1"]
        let text = try Program.run(["compare", "gc=none", "gc=gc"] + target, in: folder.url)
        #expect(text.code == 0 && text.output.contains("paired by seed: 2 pairs"), "\(text.error)")
        #expect(text.output.contains("median seconds of training"))
        let json = try Program.run(
            ["compare", "gc=none", "gc=gc", "--json"] + target, in: folder.url)
        let document = try JSONSerialization.jsonObject(with: Data(json.output.utf8))
        let keys = (document as? [String: Any])?.keys.sorted()
        #expect(keys == ["a", "b", "metrics", "pairing", "target"])
        let wrong = try Program.run(["compare", "gc=none", "gc=gcc2"], in: folder.url)
        #expect(wrong.code == 2 && wrong.error.contains("there is gc, none"), "\(wrong.error)")
        let target2 = try Program.run(["compare", "a", "b", "--target", "70"], in: folder.url)
        #expect(target2.code == 64 && target2.error.contains("METRIC=VALUE"))
    }

    /// Asks as the scripts of the shells do, with the cursor behind the last word.
    private func completions(_ argument: String, of words: String...) throws -> [String] {
        let line = ["gc-bench"] + words
        let place = ["\(line.count - 1)", "\(words.last?.count ?? 0)"]
        let answer = try Program.run(
            ["---completion", words[0], "--", argument] + place + line,
            in: Self.folder.get().url)
        #expect(answer.code == 0, "\(answer.error)")
        return answer.output.split(separator: "\n").map(String.init)
    }

    @Test("Keys and their values, tables, jobs, selections and metrics are completed")
    func candidates() throws {
        #expect(try completions("--set", of: "run", "--set", "epo") == ["epochs="])
        let momentum = try completions("--set", of: "run", "--set", "optimizer.mo")
        #expect(momentum == ["optimizer.momentum="])
        let modes = try completions("--set", of: "run", "--set", "gc=g")
        #expect(modes == ["gc=gc", "gc=gcc", "gc=gc2", "gc=gcc2"])
        #expect(try completions("--set", of: "run", "--set", "gc=").count == 5)
        #expect(try completions("--table", of: "report", "--table", "ti") == ["tiny"])
        #expect(try completions("--table", of: "report", "--table", "mar") == ["market1501"])
        let jobs = try completions("positional@0", of: "verify", "")
        #expect(jobs.count == 4 && jobs.allSatisfy { $0.count == 32 })
        let selections = try completions("positional@0", of: "compare", "gc=gc,seed=")
        #expect(selections == ["gc=gc,seed=0", "gc=gc,seed=1"])
        #expect(
            try completions("--metric", of: "compare", "--metric", "test_a") == ["test_accuracy"])
        let elsewhere = try completions("positional@0", of: "verify", "--db", "none.sqlite", "")
        #expect(elsewhere == [])
    }

    @Test("Scripts for three shells are there, and they ask for keys, tables and jobs")
    func scripts() throws {
        for shell in ["bash", "zsh", "fish"] {
            let script = try Program.run(["--generate-completion-script", shell])
            #expect(script.code == 0 && script.output.contains("---completion"))
            #expect(script.output.contains("spec"))
        }
    }

    @Test("The schema is one JSON document")
    func schema() throws {
        let answer = try Program.run(["schema"])
        #expect(answer.code == 0)
        let document = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
        #expect((document as? [String: Any])?["$schema"] as? String != nil)
    }
}

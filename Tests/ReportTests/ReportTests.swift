import Foundation
import Publications
import Records
import Reports
import Testing

@Suite("Reports")
struct ReportTests {
    private func markdown(_ entries: [Entry], _ selection: Report.Selection = .measured) throws
        -> String
    {
        try Report(jobs: fixedStore(entries).jobs(), selection: selection).text(.markdown)
    }

    @Test("An empty store says how to fill it")
    func empty() throws {
        #expect(
            try markdown([]) == """
                No jobs are recorded in Results/gc-bench.sqlite yet. `gc-bench run SPEC` records \
                some.

                """)
        #expect(try Report(jobs: []).text(.csv).split(separator: "\n").count == 1)
        #expect(try Report(jobs: []).text(.json).contains("\"tables\" : ["))
    }

    @Test("Real, synthetic and smoke jobs of one table and row never share a table")
    func evidence() throws {
        let kinds = [
            JobEvidence(), JobEvidence(synthetic: true), JobEvidence(smoke: true, synthetic: true),
        ]
        let entries = kinds.enumerated().flatMap { index, evidence in
            ["none", "gc"].map { gc in
                Entry(
                    table: "t", backbone: "b\(index)", gc: gc, evidence: evidence,
                    fate: .finished([Double(10 + index)]))
            }
        }
        let tables = try markdown(entries).components(separatedBy: "## ").dropFirst()
        #expect(
            tables.map { $0.prefix { $0 != "\n" } } == ["t", "t, synthetic images", "t, SMOKE RUN"])
        for (table, own) in zip(tables, ["10.00", "11.00", "12.00"]) {
            let values = ["10.00", "11.00", "12.00"].filter { table.contains(" \($0) ") }
            #expect(values == [own])
        }
    }

    @Test("A deviating job is a row of its own without a published figure")
    func deviation() throws {
        let text = try markdown(imagenet())
        let row = try #require(
            text.split(separator: "\n").first { $0.contains("| R50BN (epochs 5") })
        #expect(!row.contains("23.21"))
        #expect(!row.contains("consistent") && !row.contains("contradicted"))
    }

    @Test("One or two seeds have no spread and no interval")
    func fewSeeds() throws {
        let entries = quickstart().filter { $0.seed < 2 }
        let text = try markdown(entries)
        #expect(text.contains("| none |"))
        #expect(text.contains("n/a"))
        #expect(!text.contains("78.85 ±"))
    }

    @Test("Cells hold their pipes, tags and line breaks")
    func escaping() throws {
        let entry = Entry(
            table: "a|b", label: "x|y <b>", deviation: "two\nlines | one",
            fate: .finished([50]))
        let text = try markdown([entry])
        #expect(text.contains(#"## a\|b"#))
        #expect(text.contains(#"x\|y &lt;b> (two lines \| one)"#))
        let html = try Report(jobs: fixedStore([entry]).jobs()).text(.html)
        #expect(html.contains("x|y &lt;b&gt;") && !html.contains("<b>"))
        let csv = try Report(jobs: fixedStore([entry]).jobs()).text(.csv)
        #expect(csv.contains("\"x|y <b> (two\nlines | one)\""))
    }

    @Test("Columns are padded, so every line of a table is equally long")
    func aligned() throws {
        let lines = try markdown(quickstart()).split(separator: "\n").filter { $0.hasPrefix("|") }
        #expect(lines.count == 5)
        #expect(Set(lines.map(\.count)).count == 1)
    }

    @Test("All tables show what was published and not run; one table can be asked for by name")
    func all() throws {
        let text = try markdown(imagenet(), .all)
        #expect(text.contains("| R101GN "))
        #expect(text.contains("87.77 ± 0.27"))
        #expect(text.contains("## keras_horses_or_humans"))
        #expect(!(try markdown(imagenet())).contains("R101GN"))
        let one = try markdown(imagenet(), .table("market1501"))
        #expect(one.contains("81.30") && !one.contains("imagenet"))
    }

    @Test("A table that is not there is refused with those that are")
    func unknown() throws {
        let error = #expect(throws: ReportError.self) { try markdown(quickstart(), .table("nope")) }
        let message = "\(try #require(error))"
        #expect(message.contains("\"nope\"") && message.contains("quickstart"))
        #expect(message.contains("fine_grained"))
    }

    @Test("With a published spread the verdict is Welch's: reproduced or contradicted")
    func fineGrained() throws {
        func report(_ accuracies: [Double]) throws -> String {
            try markdown(
                accuracies.enumerated().map { seed, accuracy in
                    Entry(
                        table: "fine_grained", label: "Cars", dataset: "stanford_cars",
                        backbone: "resnet50", gc: "gc", seed: seed, evidence: JobEvidence(),
                        fate: .finished([accuracy]))
                })
        }
        #expect(try report([90.0, 90.1, 89.9, 90.05, 90.1]).contains("| reproduced "))
        #expect(try report([88.0, 88.1, 87.9, 88.05, 88.1]).contains("| contradicted "))
    }

    @Test("The JSON report has every key of every row, null where there is nothing")
    func json() throws {
        let text = try Report(jobs: fixedStore(imagenet()).jobs()).text(.json)
        let document = try #require(
            try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: [[String: Any]]])
        let rows = try #require(document["tables"]).flatMap { $0["rows"] as? [[String: Any]] ?? [] }
        let keys = [
            "label", "metric", "published", "n", "mean_last", "std_last", "mean_best", "std_best",
            "difference", "interval", "p", "effect", "verdict", "smoke", "synthetic", "jobs",
        ]
        #expect(rows.count == 4)
        for row in rows { #expect(keys.allSatisfy { row[$0] != nil }) }
        #expect(rows.map { $0["smoke"] as? Bool } == [false, false, false, true])
        let last = try #require(rows[0]["mean_last"] as? Double)
        #expect(abs(last - 23.8) < 1e-9)
        #expect(rows[0]["verdict"] as? String == "consistent")
    }

    @Test("The command repeats the run as a shell reads it")
    func commands() throws {
        let entry = Entry(arguments: ["--data", "shapes=it's here"], fate: .finished([1]))
        let text = try Report(jobs: fixedStore([entry]).jobs(), storePath: "my store").text(
            .markdown)
        let command = #"""
            gc-bench run Experiments/quickstart.spec --data 'shapes=it'\''s here' --seeds 0 \#
            --db 'my store'
            """#
        #expect(text.contains(command))
    }
}

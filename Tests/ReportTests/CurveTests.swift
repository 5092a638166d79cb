import Foundation
import Records
import Reports
import Testing

@Suite("Curves")
struct CurveTests {
    private func report(_ entries: [Entry]) throws -> Report {
        let store = try fixedStore(entries)
        return try Report(jobs: store.jobs(), curves: store.curves(also: Report.extraCurves))
    }

    @Test("A curve is the mean over the seeds, between the lowest and the highest")
    func points() throws {
        let entries = [[70.0, 80], [72, 81], [71, 85]].enumerated().map { seed, values in
            Entry(seed: seed, fate: .finished(values))
        }
        let curves = try fixedStore(entries).curves(also: [])
        let accuracy = try #require(curves.first { $0.metric == "test_accuracy" })
        #expect(accuracy.points.map(\.epoch) == [1, 2])
        #expect(accuracy.points.map(\.mean) == [71, 82])
        #expect(accuracy.points.map(\.lowest) == [70, 80])
        #expect(accuracy.points.map(\.highest) == [72, 85])
    }

    @Test("What diverged, runs or was superseded is on no curve; arms have curves of their own")
    func cells() throws {
        let store = try fixedStore([
            Entry(seed: 0, fate: .finished([70, 80])), Entry(seed: 1, fate: .diverged),
            Entry(seed: 2, fate: .running([1])), Entry(gc: "gc", fate: .finished([75, 90])),
        ])
        let last = try store.curves(also: []).filter { $0.metric == "test_accuracy" }
            .compactMap(\.points.last?.mean)
        #expect(last.sorted() == [80, 90])
    }

    @Test("A Markdown file has its pictures beside it, by relative links")
    func pictures() throws {
        let files = ReportFiles(
            try report(quickstart()), .markdown, path: "some where/re port.md"
        ).files
        #expect(files.count == 3)
        let names = files.dropFirst().map(\.path)
        let stem = "some where/re port-quickstart-synthetic-"
        #expect(names == ["\(stem)train_loss.svg", "\(stem)test_accuracy.svg"])
        #expect(files[0].text.contains("](re%20port-quickstart-synthetic-test_accuracy.svg)"))
        for file in files.dropFirst() {
            #expect(file.text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
            #expect(file.text.contains("class=\"line gcc\""))
            #expect(file.text.contains("class=\"band gc\""))
            #expect(isBalanced(file.text), "\(file.path)")
        }
    }

    /// Whether every tag that is opened is closed, in order.
    private func isBalanced(_ markup: String) -> Bool {
        var open: [Substring] = []
        for tag in markup.matches(of: /<(\/?)([a-z]+)[^<>]*?(\/?)>/).map(\.output) {
            if tag.1 == "/" {
                guard open.popLast() == tag.2 else { return false }
            } else if tag.3.isEmpty {
                open.append(tag.2)
            }
        }
        return open.isEmpty
    }

    @Test("Rows of one table have pictures of their own, whatever their labels")
    func rows() throws {
        let entries = ["resnet8", "resnet20"].flatMap { backbone in
            ["none", "gc"].map { gc in
                Entry(label: "same <&>", backbone: backbone, gc: gc, fate: .finished([1, 2]))
            }
        }
        let files = ReportFiles(try report(entries), .markdown, path: "r.md").files
        #expect(Set(files.map(\.path)).count == 5)
        #expect(files.map(\.path).contains("r-quickstart-synthetic-2-test_accuracy.svg"))
        let html = try report(entries).text(.html)
        #expect(html.contains("same &lt;&amp;&gt;") && !html.contains("same <&>"))
    }

    @Test("One epoch, one seed, one value: a picture all the same")
    func degenerate() throws {
        for values in [[50.0], [50, 50], [0, 0, 0], [1e-9, 2e-9], [-3, 1e12]] {
            let text = try report([Entry(fate: .finished(values))]).text(.html)
            #expect(text.contains("class=\"dot none\""))
            #expect(!text.contains("nan") && !text.contains("inf\""), "\(values)")
        }
    }

    @Test("Every number of a page leads to a list of jobs that is there")
    func links() throws {
        let html = try report(quickstart() + imagenet()).text(.html)
        let targets = Set(html.matches(of: /href="#([^"]+)"/).map { String($0.output.1) })
        let anchors = Set(html.matches(of: /\sid="([^"]+)"/).map { String($0.output.1) })
        #expect(targets.count >= 8)
        #expect(targets.isSubset(of: anchors))
        #expect(anchors.count == html.matches(of: /\sid="/).count, "an anchor is there twice")
        for number in html.matches(of: /<td class="number">([^<]+)</) {
            // Those of the list itself lead nowhere.
            #expect(Double(number.output.1) != nil, "\(number.output.1)")
        }
    }

    @Test("A page needs nothing from anywhere else")
    func selfContained() throws {
        let html = try report(quickstart() + imagenet()).text(.html)
        for word in ["http", "src=", "@import", "url(", "<script"] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test("LaTeX has no character left that means something else to it")
    func latex() throws {
        let entry = Entry(
            table: "a_b", label: #"50% #1 & {x} ~ ^ \ $y$ <z>"#, fate: .finished([-1.5]))
        let text = try report([entry]).text(.latex)
        let escaped = ##"50\% \#1 \& \{x\} \textasciitilde{} \textasciicircum{} "##
        #expect(text.contains(##"\textbackslash{} \$y\$ $<$z$>$"##), "\(text)")
        #expect(text.contains(escaped), "\(text)")
        #expect(text.contains(#"a\_b"#) && text.contains("& $-$1.50 &"))
    }

    @Test("The first line that no longer follows is shown, and none where all do")
    func difference() throws {
        #expect(TextDifference("r.md", written: "a\nb\n", current: "a\nb\n") == nil)
        let changed = try #require(TextDifference("r.md", written: "a\nb\n", current: "a\nc\n"))
        #expect(changed.description.hasPrefix("r.md:2: ") && changed.line == 2)
        #expect(changed.written == "b" && changed.current == "c")
        let longer = try #require(TextDifference("r.md", written: "a", current: "a\nc"))
        #expect(longer.written == nil && longer.current == "c")
    }
}

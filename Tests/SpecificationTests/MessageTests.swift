import Specifications
import Testing

/// One literal per class of mistake: what a user reads is part of the contract.
@Suite("Messages")
struct MessageTests {
    @Test("Each mistake has one message at its place", arguments: Mistake.all)
    func message(_ mistake: Mistake) {
        let text = Fixture.text(mistake.line)
        let errors = Fixture.messages(text).split(separator: "\n")
            .filter { $0.contains(": error: ") }
        #expect(errors == ["a.spec:\(mistake.message)"])
    }

    @Test("A message shows the source line, a caret under the mistake, and notes")
    func rendering() {
        #expect(
            Fixture.messages(Fixture.text("gc: [none, gcx]", "gc : gcc")) == """
                a.spec:6:12: error: unknown gc 'gcx'; did you mean 'gc'?
                gc: [none, gcx]
                           ^~~
                note: allowed: none, gc, gcc, gc2, gcc2
                a.spec:7:1: error: the key 'gc' is given twice
                gc : gcc
                ^~
                a.spec:6:1: note: first given here
                gc: [none, gcx]
                ^~
                """)
    }

    @Test("A class name and a mode exclude each other")
    func classAndMode() {
        let text = Fixture.text("optimizer: {name: SGD_GC, learning_rate: 1}", "gc: [none, gc]")
        #expect(
            Fixture.messages(text).hasPrefix(
                "a.spec:6:6: error: 'gc' stands beside a published class name, which already says "
                    + "'gc'; remove one of them\n"))
        #expect(Fixture.messages(text).contains("a.spec:3:12: note: the class is named here"))
    }

    @Test("A key that was commented out is missed where the comment stands")
    func commentedOut() {
        let text = Fixture.text.replacing("epochs", with: "# epochs")
        #expect(Fixture.messages(text).hasPrefix("a.spec:4:3: error: a spec needs 'epochs'"))
    }

    @Test("All mistakes are reported in one pass, in the order of the text")
    func onePass() throws {
        let text = """
            datset: cifar10
            backbone: [resnet18
            optimizer: {name: sgd, learning_rate: -1, momentun: 0}
            epochs: "2
            batch_size: x
            batch_size: 1
            gc: [none, off]
            """
        let error = #expect(throws: SpecificationError.self) {
            try Experiment(parsing: text, path: "a.spec")
        }
        let places = try #require(error).diagnostics.map { "\($0.line ?? 0):\($0.column ?? 0)" }
        #expect(places == ["1:1", "2:11", "3:39", "3:43", "4:9", "5:13", "6:1", "7:12"])
    }

    @Test("A spec that is empty, no map, or two documents is one mistake")
    func strangeDocuments() {
        #expect(Fixture.messages("").hasPrefix("a.spec:1:1: error: the spec is empty; it needs"))
        #expect(Fixture.messages("# a\n\n").hasPrefix("a.spec:1:1: error: the spec is empty"))
        #expect(Fixture.messages("- a\n").hasPrefix("a.spec:1:1: error: a spec is a map of keys"))
        #expect(
            Fixture.messages(Fixture.text + "---\na: 1\n").hasPrefix(
                "a.spec:6:1: error: a spec is one document; remove this line"))
    }

    @Test("A first key that is indented is blamed itself, not the lines after it")
    func indentedStart() {
        #expect(
            Fixture.messages("# a\n " + Fixture.text).hasPrefix(
                "a.spec:2:2: error: the first key of a spec begins in the first column\n"))
    }

    @Test("A grid too large is named and not spread, however large")
    func tooLarge() {
        let rates = (1...1_001).map { "\($0)" }.joined(separator: ", ")
        let axis = "optimizer: {name: sgd, learning_rate: [\(rates)], weight_decay: [\(rates)]}"
        #expect(
            Fixture.messages(Fixture.text(axis)).hasPrefix(
                "a.spec:1:1: error: the grid has 1002001 jobs; at most 1000000 are allowed"))
        let deep = (0..<8).map { _ in "[\(rates)]" }
        #expect(
            Fixture.messages(
                Fixture.text(
                    axis, "threads: \(deep[0])", "evaluation_batch_size: \(deep[1])",
                    "label_smoothing: \(deep[2])", "batch_size: \(deep[3])", "epochs: \(deep[4])")
            ).contains("at most 1000000 are allowed"))
    }

    @Test("Validation images leave some to train on, and replicas whole batches")
    func imagesAndBatches() {
        let shapes = "dataset: {name: shapes, train: 500}"
        #expect(
            Fixture.messages(Fixture.text(shapes, "validation: 500")).contains(
                "error: 500 validation images leave none of the 500 training images"))
        #expect(Fixture.messages(Fixture.text(shapes, "validation: 300")) == "no mistake")
        #expect(
            Fixture.messages(Fixture.text("replicas: 2", "drop_last: false")).contains(
                "error: with 'replicas' the images that are left over sit the epoch out"))
        #expect(Fixture.messages(Fixture.text("replicas: 1", "drop_last: false")) == "no mistake")
    }

    @Test("Brackets nested without end are refused, not followed")
    func deepNesting() {
        let text = "gc: " + String(repeating: "[", count: 100_000)
        #expect(Fixture.messages(text).hasPrefix("a.spec:1:37: error: more than 32 brackets deep"))
    }
}

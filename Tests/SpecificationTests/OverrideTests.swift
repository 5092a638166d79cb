import Datasets
import Models
import Optimizers
import Specifications
import Testing

@Suite("Overrides, variants and seeds")
struct OverrideTests {
    @Test("An override replaces a value, an axis included")
    func replacesAxis() throws {
        let jobs = try Fixture.experiment("gc: [none, gc, gcc]", set: ["gc=gcc"]).jobs
        #expect(jobs.map(\.gradientCentralization) == [.gcc])
    }

    @Test("An override may be an axis itself, or a key inside a map")
    func setsAxisInMap() throws {
        let jobs = try Fixture.experiment(set: ["optimizer.learning_rate=[0.5, 0.25]"]).jobs
        #expect(jobs.map(\.optimizer.learningRate) == [0.5, 0.25])
    }

    @Test("An override reaches into every map of an axis and into a name alone")
    func reachesIntoAxis() throws {
        let text = Fixture.text(
            "optimizer: [{name: sgd, learning_rate: 1}, {name: SGD_GC, learning_rate: 2}]",
            "normalization: gn")
        let jobs = try Experiment(
            parsing: text, path: "a.spec",
            overrides: ["optimizer.weight_decay=0.5", "normalization.groups=16"]
        ).jobs
        #expect(jobs.map(\.optimizer.weightDecay) == [0.5, 0.5])
        #expect(jobs.map(\.optimizer.learningRate) == [1, 2])
        #expect(jobs.map(\.normalization) == [.group(groups: 16), .group(groups: 16)])
    }

    @Test("An override wins over variants, and rows that become equal are one")
    func winsOverVariants() throws {
        let line = "variants: [{epochs: 3, gc: gc}, {epochs: 4, gc: gc}, {epochs: 5}]"
        let jobs = try Fixture.experiment(line, set: ["epochs=9"]).jobs
        #expect(jobs.map(\.epochs) == [9, 9])
        #expect(jobs.map(\.gradientCentralization) == [.gc, .none])
    }

    @Test("An override can remove the variants")
    func removesVariants() throws {
        let jobs = try Fixture.experiment(
            "variants: [{epochs: 3}, {epochs: 4}]", set: ["variants=[]"]
        )
        .jobs
        #expect(jobs.map(\.epochs) == [2])
    }

    @Test("Later overrides win over earlier ones")
    func lastWins() throws {
        #expect(try Fixture.experiment(set: ["epochs=3", "epochs=4"]).jobs.map(\.epochs) == [4])
    }

    @Test("A variant merges into maps; one that names another thing replaces the map")
    func variantsMerge() throws {
        let text = Fixture.text(
            "optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9}",
            "variants: [{optimizer: {momentum: 0.5}}, "
                + "{optimizer: {name: SGD_GC, learning_rate: 0.2}}, "
                + "{optimizer: {name: sgd, weight_decay: 1e-4}}]")
        let optimizers = try Experiment(parsing: text, path: "a.spec").jobs.map(\.optimizer)
        #expect(
            optimizers == [
                OptimizerSettings(learningRate: 0.1, momentum: 0.5),
                OptimizerSettings(learningRate: 0.2),
                OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 1e-4),
            ])
    }

    @Test("A required key may come from the variants or from an override")
    func requiredFromElsewhere() throws {
        let text = Fixture.text.replacing("epochs: 2\n", with: "")
        let variants = try Experiment(
            parsing: text + "variants: [{epochs: 1}, {epochs: [2, 3]}]\n", path: "a.spec")
        #expect(variants.jobs.map(\.epochs) == [1, 2, 3])
        let override = try Experiment(parsing: text, path: "a.spec", overrides: ["epochs=7"])
        #expect(override.jobs.map(\.epochs) == [7])
    }

    @Test("A mistake does not hide behind an override or a variant")
    func noHiding() {
        let text = Fixture.text("epochs: many")
        #expect(Fixture.messages(text, set: ["epochs=3"]).hasPrefix("a.spec:4:9: error:"))
        #expect(
            Fixture.messages(text + "variants: [{epochs: 3}]\n").hasPrefix("a.spec:4:9: error:"))
    }

    @Test(
        "Mistakes in an override are shown in its own text",
        arguments: [
            ("epochs", "1:1: error: expected PATH=YAML, such as optimizer.learning_rate=0.1"),
            ("epoch=3", "1:1: error: unknown key 'epoch' in a spec; did you mean 'epochs'?"),
            (
                "optimizer.lerning_rate=3",
                "1:11: error: unknown key 'lerning_rate' in optimizer; "
                    + "did you mean 'learning_rate'?"
            ),
            ("epochs.x=3", "1:8: error: 'epochs' has no keys inside it"),
            ("epochs=", "1:7: error: 'epochs' has no value; expected an integer"),
            ("epochs=[1", "1:8: error: '[' is never closed; add ']'"),
            ("epochs=x", "1:8: error: expected an integer for 'epochs', found the text 'x'"),
            ("gc=[gc, *a]", "1:9: error: aliases are not used in specs; write it out"),
            ("=3", "1:1: error: unknown key '' in a spec"),
            ("optimizer..x=3", "1:11: error: unknown key '' in optimizer"),
        ])
    func overrideMistake(text: String, message: String) {
        let lines = Fixture.messages(Fixture.text, set: [text]).split(separator: "\n")
        #expect(lines.first.map(String.init) == "--set:\(message)")
        #expect(lines.dropFirst().first.map(String.init) == text)
    }

    @Test("A count means the seeds from 0; a list names them; --seeds replaces both")
    func seeds() throws {
        #expect(try Fixture.experiment("seeds: 3").jobs.map(\.seed) == [0, 1, 2])
        #expect(try Fixture.experiment("seeds: [5, 3]").jobs.map(\.seed) == [5, 3])
        #expect(try Fixture.experiment("seeds: 3", seeds: [7]).jobs.map(\.seed) == [7])
    }

    @Test(
        "--seeds always names seeds",
        arguments: [
            ("0", [0]), ("3", [3]), ("0-4", [0, 1, 2, 3, 4]), ("0,2", [0, 2]),
            ("1,4-5", [1, 4, 5]),
        ])
    func seedSelection(text: String, seeds: [Int]) throws {
        #expect(try SeedSelection.parse(text) == seeds)
    }

    @Test(
        "A selection of seeds that is none is refused",
        arguments: [
            "", "a", "-1", "3-1", "0,", "0,0", "0-2,1", "1-2-3", "0-999999999", "1.5", "0x1",
        ])
    func wrongSeedSelection(text: String) {
        #expect(throws: SpecificationError.self) { try SeedSelection.parse(text) }
    }
}

import Specifications
import Testing

/// What the schema must say is known from two sides: the checker, and a validator of its own.
/// `Tests/Peers/schema.py` asks a third party's validator.
@Suite("The JSON Schema")
struct JSONSchemaTests {
    /// Read once: that takes longer than all checks together.
    private static let schema = Result { try SchemaValidator(JSONSchema.document.text) }

    private static func validator() throws -> SchemaValidator { try schema.get() }

    private static func isAccepted(_ text: String) -> Bool {
        (try? Experiment(parsing: text, path: "a.spec")) != nil
    }

    @Test("Every committed spec fits it")
    func committed() throws {
        let validator = try Self.validator()
        for path in try Fixture.committedSpecs() {
            #expect(try validator.accepts(Document(yaml: SpecificationFile.read(path))), "\(path)")
        }
    }

    @Test(
        "Each class of mistake is refused, by the checker too",
        arguments: [
            "epoch: 3", "optimizer: {name: sgd, learning_rate: 0.1, rate: 1}", "epochs: 2.5",
            "optimizer: {name: sgd}", "schedule: {name: step}", "schedule: step", "table: 5",
            "optimizer: {name: sgd, learning_rate: fast}", "epochs: {name: 2}", "backbone: ~",
            "backbone: resnet9", "backbone: [resnet18, resnet9]", "batch_size: 0",
            "optimizer: {name: sgd, learning_rate: 0.1, momentum: 1.0}",
            "optimizer: {name: sgd, learning_rate: 0.1, rho: 0.9}",
            "optimizer: {name: [sgd, adam], learning_rate: 0.1, momentum: 0.9}", "gc: []",
            "gc: [gc, gc]", "table: [a, b]", "label: \"a\\nb\"", "seeds: [1, 1]", "seeds: [-1]",
            "optimizer: {name: adam, learning_rate: 0.1, betas: [0.9]}", "seeds: []",
            "variants: [{epoch: 3}]", "variants: [{variants: []}]", "variants: 3",
            "parameter_groups: [{weight_decay: 0}]", "label: \" \"",
            "parameter_groups: [{parameters: [], frozen: true}]",
        ])
    func mistakes(_ change: String) throws {
        let text = Fixture.text(change)
        #expect(try !Self.validator().accepts(Document(yaml: text)), "\(text)")
        #expect(!Self.isAccepted(text))
    }

    @Test("A required key is required, unless variants may give it")
    func required() throws {
        let validator = try Self.validator()
        for line in Fixture.lines {
            let text = Fixture.text.replacing(line + "\n", with: "")
            #expect(try !validator.accepts(Document(yaml: text)), "\(text)")
            #expect(try validator.accepts(Document(yaml: "\(text)variants: [{\(line)}]\n")))
            #expect(try !validator.accepts(Document(yaml: "\(text)variants: []\n")))
        }
    }

    /// Checked on what single edits leave right, which is what a person writes next.
    @Test("It never refuses what the checker accepts")
    func sound() throws {
        let validator = try Self.validator()
        var accepted = 0
        // One in six: the validator is slower than the checker.
        let mutants = try Mutator.mutants().enumerated().filter { $0.offset % 6 == 0 }
        for (_, mutant) in mutants where Self.isAccepted(mutant.text) {
            accepted += 1
            #expect(
                try validator.accepts(Document(yaml: mutant.text)), "\(mutant.edit): \(mutant.text)"
            )
        }
        #expect(accepted > 100)
    }

    @Test("It knows each key, its meaning and its default")
    func keys() throws {
        let text = JSONSchema.document.text
        for key in SpecificationKey.allCases { #expect(text.contains("\"\(key.rawValue)\"")) }
        #expect(text.contains("\"description\" : \"passes over the training images\""))
        #expect(text.contains("\"default\" : \"float32\""))
    }
}

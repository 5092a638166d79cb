import Specifications
import Testing

/// One literal per class of mistake: what a user reads is part of the contract.
@Suite("Messages")
struct MessageTests {
    /// A changed line of the fixture, and the first line of the only message about it.
    struct Mistake: CustomTestStringConvertible {
        let line: String
        let message: String
        var testDescription: String { line }
    }

    static let mistakes: [Mistake] = [
        Mistake(
            line: "bakbone: resnet18",
            message: "6:1: error: unknown key 'bakbone' in a spec; did you mean 'backbone'?"),
        Mistake(
            line: "backbone: resnet19",
            message: "2:11: error: unknown backbone 'resnet19'; did you mean 'resnet18'?"),
        Mistake(
            line: "backbone: 18",
            message:
                "2:11: error: expected text (a name) or a map for 'backbone', found the integer 18"),
        Mistake(
            line: "backbone: {name: resnet18, stride_in: 1x1}",
            message: "2:28: error: 'stride_in' belongs to resnet50, resnet101, resnext29_4x64d, "
                + "resnext50_32x4d, resnext50_64x4d, resnext101_32x4d, resnext101_64x4d, "
                + "not to resnet18"),
        Mistake(
            line: "backbone: {name: resnet50, stride_in: 2x2}",
            message: "2:39: error: unknown stride_in '2x2'"),
        Mistake(
            line: "backbone: vgg11\nstem: cifar",
            message: "3:7: error: vgg11 meets every image in one way; remove 'stem'"),
        Mistake(
            line: "backbone: vgg11\nhead: fast_mpn",
            message: "3:7: error: fast_mpn is for residual networks, not for vgg11"),
        Mistake(
            line: "backbone: densenet121\nnormalization: {name: gn, groups: 64}",
            message: "3:16: error: 64 groups do not divide the 32 channels of densenet121"),
        Mistake(
            line: "backbone:",
            message: "2:1: error: 'backbone' has no value; expected text (a name) or a map"),
        Mistake(
            line: "backbone: []",
            message: "2:11: error: 'backbone' is an empty list; an axis has a value or more"),
        Mistake(
            line: "backbone: [resnet18, resnet34, resnet18]",
            message: "2:32: error: the axis 'backbone' has this value twice"),
        Mistake(
            line: "backbone: [resnet18",
            message: "2:11: error: '[' is never closed; add ']'"),
        Mistake(
            line: "backbone: [resnet18}",
            message: "2:11: error: '[' is not closed before '}'"),
        Mistake(
            line: "backbone: \"resnet18",
            message: "2:11: error: the quote that opens here is not closed on its line"),
        Mistake(
            line: "backbone:resnet18",
            message: "2:1: error: expected 'key: value' or a list entry that begins with '- '"),
        Mistake(
            line: "backbone: &a resnet18",
            message: "2:11: error: anchors are not used in specs; write it out"),
        Mistake(
            line: "backbone: *a",
            message: "2:11: error: aliases are not used in specs; write it out"),
        Mistake(
            line: "backbone: !!str resnet18",
            message: "2:11: error: tags are not used in specs; quote text"),
        Mistake(
            line: "backbone: |",
            message: "2:11: error: block text is not used in specs; write it on one line, in quotes"
        ),
        Mistake(
            line: "epochs: many",
            message: "4:9: error: expected an integer for 'epochs', found the text 'many'"),
        Mistake(
            line: "epochs: \"2\"",
            message: "4:9: error: expected an integer for 'epochs', found the text '2'"),
        Mistake(
            line: "epochs: 2.5",
            message: "4:9: error: expected an integer for 'epochs', found the number 2.5"),
        Mistake(
            line: "epochs: -1",
            message: "4:9: error: 'epochs' is an integer from 0 to 1000000, not -1"),
        Mistake(
            line: "epochs: 010",
            message: "4:9: error: expected an integer for 'epochs', found '010' "
                + "(numbers are decimal and begin with no extra 0)"),
        Mistake(
            line: "epochs: 0x10",
            message: "4:9: error: expected an integer for 'epochs', found '0x10' "
                + "(numbers are decimal)"),
        Mistake(
            line: "epochs: 1:30",
            message: "4:9: error: expected an integer for 'epochs', found '1:30' "
                + "(numbers are decimal, not sexagesimal)"),
        Mistake(
            line: "epochs: 1_000",
            message: "4:9: error: expected an integer for 'epochs', found '1_000' "
                + "(digits stand without separators)"),
        Mistake(
            line: "epochs: 99999999999999999999",
            message: "4:9: error: expected an integer for 'epochs', found "
                + "'99999999999999999999' (too large for an integer)"),
        Mistake(
            line: "batch_size: 0",
            message: "5:13: error: 'batch_size' is an integer from 1 to 1000000, not 0"),
        Mistake(
            line: "label_smoothing: .nan",
            message: "6:18: error: expected a number for 'label_smoothing', found '.nan' "
                + "(not a finite number)"),
        Mistake(
            line: "label_smoothing: 1",
            message: "6:18: error: 'label_smoothing' is a number at least 0 and less than 1, not 1"),
        Mistake(
            line: "threads: all", message: "6:10: error: unknown threads 'all'"),
        Mistake(
            line: "table: [a, b]",
            message: "6:8: error: expected text for 'table', found a list"),
        Mistake(
            line: "pretrained: 5",
            message: "6:13: error: expected text (a path) or a map for 'pretrained', "
                + "found the integer 5"),
        Mistake(
            line: "pretrained: ${HOME/a",
            message: "6:13: error: '${' is never closed: write ${NAME}"),
        Mistake(
            line: "pretrained: {digest: abcd0123}",
            message: "6:13: error: pretrained needs 'path': text, a safetensors or PyTorch file; "
                + "${VAR} stands for a variable"),
        Mistake(
            line: "pretrained: {path: a, digest: abc}",
            message: "6:31: error: 'digest' is the first 8 to 64 hexadecimal digits of the "
                + "weights' digest, as `evaluate --json` prints it"),
        Mistake(
            line: "pretrained: {path: a, replace_classifer: true}",
            message: "6:23: error: unknown key 'replace_classifer' in pretrained; "
                + "did you mean 'replace_classifier'?"),
        Mistake(
            line: "quirks: [biased_convolution]",
            message: "6:10: error: unknown quirks 'biased_convolution'; "
                + "did you mean 'biased_convolutions'?"),
        Mistake(
            line: "quirks: biased_convolutions",
            message: "6:9: error: expected a list of names for 'quirks', found the text "
                + "'biased_convolutions'"),
        Mistake(
            line: "gc: gcs", message: "6:5: error: unknown gc 'gcs'; did you mean 'gc'?"),
        Mistake(
            line: "seeds: 0",
            message: "6:8: error: 'seeds' is an integer from 1 to 100000, not 0"),
        Mistake(line: "seeds: [1, 1]", message: "6:12: error: the seed 1 is named twice"),
        Mistake(
            line: "seeds: []",
            message: "6:8: error: 'seeds' is an empty list; name a seed or more"),
        Mistake(
            line: "seeds: all",
            message: "6:8: error: expected an integer (a count) or a list of integers for "
                + "'seeds', found the text 'all'"),
        Mistake(
            line: "optimizer: sgd",
            message: "3:12: error: expected a map for 'optimizer', found the text 'sgd'"),
        Mistake(
            line: "optimizer: {name: sgd}",
            message: "3:12: error: optimizer needs 'learning_rate': a number, the base rate"),
        Mistake(
            line: "optimizer: {name: sdg, learning_rate: 1}",
            message: "3:19: error: unknown optimizer 'sdg'; did you mean 'sgd'?"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 0}",
            message: "3:39: error: 'learning_rate' is a number greater than 0, not 0"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, learning_rate: 2}",
            message: "3:42: error: the key 'learning_rate' is given twice"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, nesterov: true}",
            message: "3:52: error: 'nesterov' needs a momentum greater than 0"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, momentum: .9, dampening: .1, "
                + "nesterov: true}",
            message: "3:81: error: 'nesterov' needs dampening 0"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, nesterov: no}",
            message: "3:52: error: expected true or false for 'nesterov', found the text 'no'"),
        Mistake(
            line: "gc: gc2",
            message: "6:5: error: 'gc2' centralizes the update of adaptive optimizers; sgd is "
                + "none: centralize its gradient"),
        Mistake(
            line: "optimizer: {name: SGD_GC2, learning_rate: 1}",
            message: "3:19: error: unknown optimizer 'SGD_GC2'; did you mean 'SGD_GC'?"),
        Mistake(
            line: "optimizer: {name: AdamW_GC, learning_rate: 1, convention: torch}",
            message: "3:59: error: AdamW_GC is a published class, so its convention is reference"),
        Mistake(
            line: "optimizer: {name: sgdw, learning_rate: 1, convention: keras}",
            message: "3:55: error: keras does not define sgdw"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, momentum: 0.9}",
            message: "3:43: error: 'momentum' belongs to sgd, sgdw, rmsprop, SGD_GC, SGD_GCC, "
                + "SGDW_GC, SGDW_GCC, not to adam"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: -0.1}",
            message: "3:39: error: 'learning_rate' is a number greater than 0, not -0.1"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, weight_decay: -1}",
            message: "3:56: error: 'weight_decay' is a number at least 0, not -1"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, betas: 0.9}",
            message: "3:50: error: expected a list of 2 numbers for 'betas', found the number 0.9"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, betas: [0.9]}",
            message: "3:50: error: 'betas' is a list of β₁ and β₂, not of 1"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, betas: [0.9, 1]}",
            message: "3:56: error: 'betas' is a number at least 0 and less than 1, not 1"),
        Mistake(
            line: "optimizer: {name: sgd, convention: keras, learning_rate: 1, momentum: 0.9, "
                + "dampening: 0.1}",
            message: "3:87: error: Keras's momentum has no dampening"),
        Mistake(
            line: "optimizer: [{name: sgd, learning_rate: 1}, {name: sgd, learning_rate: 1, "
                + "convention: reference}]",
            message: "3:44: error: the axis 'optimizer' has this value twice"),
        Mistake(
            line: "parameter_groups: {parameters: bias, weight_decay: 0}",
            message: "6:19: error: expected a list of maps for 'parameter_groups', found a map"),
        Mistake(
            line: "parameter_groups: [{parameters: bias}]",
            message: "6:33: error: the group changes nothing; give it weight_decay, "
                + "learning_rate_factor, frozen or optimizer"),
        Mistake(
            line: "parameter_groups: [{weight_decay: 0}]",
            message: "6:20: error: a parameter group needs 'parameters': text or a list of texts, "
                + "convolution, dense, embedding, bias, normalization, head, backbone, or paths"),
        Mistake(
            line: "parameter_groups: [{parameters: conv1, frozen: true, weight_decay: 0.1}]",
            message: "6:68: error: 'weight_decay' on frozen parameters: they have no update at all"),
        Mistake(
            line: "parameter_groups: [{parameters: fc, weight_decay: [0, 1]}]",
            message: "6:51: error: expected a number for 'weight_decay', found a list"),
        Mistake(
            line: "parameter_groups: [{parameters: fc, optimizer: {name: sgd, learning_rate: 1, "
                + "nesterov: true}}]",
            message: "6:88: error: 'nesterov' needs a momentum greater than 0"),
        Mistake(
            line: "schedule: {name: constant, warm_up_epochs: 1, warm_up_iterations: 5}",
            message: "6:67: error: warm-up is counted in epochs and in iterations; remove one of "
                + "them"),
        Mistake(
            line: "schedule: {name: cosine, per: step}",
            message: "6:31: error: unknown per 'step'"),
        Mistake(
            line: "normalization: {name: bn, groups: 2}",
            message: "6:27: error: 'groups' belongs to gn, not to bn"),
        Mistake(
            line: "normalization: {name: gn, groups: 48}",
            message: "6:16: error: 48 groups do not divide the 64 channels of resnet18"),
        Mistake(
            line: "schedule: step",
            message: "6:11: error: schedule needs 'every': an integer, epochs or iterations "
                + "between steps"),
        Mistake(
            line: "schedule: {name: milestones, milestones: [60, 30]}",
            message: "6:47: error: 'milestones' rises from value to value; 30 follows 60"),
        Mistake(
            line: "schedule: {name: milestones, milestones: 60}",
            message: "6:42: error: expected a list of integers for 'milestones', "
                + "found the integer 60"),
        Mistake(
            line: "dataset: {name: cifar10, root: \"${1X}\"}",
            message: "1:32: error: '${1X}' is not a variable: write ${NAME}"),
        Mistake(
            line: "dataset: {name: shapes, train: 100}",
            message: "5:13: error: a batch of 128 is larger than the 100 training images"),
        Mistake(
            line: "dataset: {name: cifar10, train: 100}",
            message: "1:26: error: 'train' belongs to shapes, not to cifar10"),
        Mistake(
            line: "variants: {gc: gc}",
            message: "6:11: error: expected a list of maps for 'variants', found a map"),
        Mistake(
            line: "variants: [gc]", message: "6:12: error: a variant is a map, not the text 'gc'"),
        Mistake(
            line: "variants: [{gc: gc}, {gc: [gcc, gc]}]",
            message: "6:22: error: this variant repeats rows of one before it"),
        Mistake(
            line: "variants: [{variants: []}]",
            message: "6:13: error: a variant has no variants of its own"),
        Mistake(
            line: "\tgc: gc", message: "6:1: error: a tab cannot indent; use spaces"),
        Mistake(
            line: "gc: g\u{7}c",
            message: "6:6: error: the character U+0007 is not allowed in a spec"),
        Mistake(
            line: " gc: gc",
            message: "6:4: error: a second ': ' on a line; put each key on its own line, "
                + "in one column, or use { }"),
    ]

    @Test("Each mistake has one message at its place", arguments: mistakes)
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

    @Test("Brackets nested without end are refused, not followed")
    func deepNesting() {
        let text = "gc: " + String(repeating: "[", count: 100_000)
        #expect(Fixture.messages(text).hasPrefix("a.spec:1:37: error: more than 32 brackets deep"))
    }
}

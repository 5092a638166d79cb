import Datasets
import Models
import Optimizers
import Specifications
import Testing

@Suite("Identifiers")
struct IdentifierTests {
    static let context = JobIdentifier.Context(backend: "cpu", datasetIdentity: "md5:c58f30108f")

    static func identifier(_ text: String) throws -> JobIdentifier {
        let experiment = try Experiment(parsing: text, path: "a.spec")
        return try #require(experiment.jobs.first).identifier(in: context)
    }

    @Test("Comments, order, spelling, names and data paths do not change the identifier")
    func invariance() throws {
        let plain = try Self.identifier(Fixture.text)
        let others = [
            "# a comment\n\n" + Fixture.text,
            Fixture.lines.reversed().joined(separator: "\n"),
            Fixture.text.replacing("\n", with: "\r\n"),
            Fixture.text("dataset: {name: cifar10, root: \"${CIFAR10}\"}"),
            Fixture.text("dataset: {root: /data, name: \"cifar10\"}"),
            Fixture.text("optimizer: {learning_rate: 1.0e-1, 'name': sgd}"),
            Fixture.text("optimizer:\n  name: sgd\n  learning_rate: .1"),
            Fixture.text("table: cifar10", "label: plain"),
            Fixture.text("backbone: {name: resnet18}"),
            Fixture.text("normalization: {name: bn, weight_standardization: false}"),
            Fixture.text(
                "optimizer: {name: sgd, learning_rate: 0.10, momentum: 0, dampening: -0.0, "
                    + "weight_decay: 0e5, nesterov: false}"),
            Fixture.text(
                "stem: cifar", "normalization: {name: bn}", "initialization: torch", "gc: none",
                "schedule: {name: constant, warm_up_epochs: 0, warm_up_start: 0.5}",
                "evaluation_batch_size: 128", "label_smoothing: 0.0", "augmentation: standard",
                "quirks: []", "head: gap", "replicas: 1", "drop_last: true", "validation: 0",
                "precision: float32", "threads: auto", "seeds: [0]"),
            Fixture.text("variants: [{}]"),
            Fixture.text("optimizer: {name: sgd, learning_rate: 0.1, convention: torch}"),
            Fixture.text("optimizer: {name: sgd, learning_rate: 0.1, convention: reference}"),
            Fixture.text(
                "optimizer: {name: sgd, learning_rate: 0.1, lookahead: 0, lookahead_share: 0.2, "
                    + "dampening: 0.5, clip_norm: 0}"),
        ]
        for text in others { #expect(try Self.identifier(text) == plain, "\(text)") }
    }

    static let semanticChanges = [
        "head: fast_mpn", "head: dropcov", "head: {name: fast_mpn, dimension: 64}",
        "head: {name: fast_mpn, iterations: 3}", "head: {name: dropcov, dimension: 64}",
        "replicas: 2", "replicas: 4", "drop_last: false", "validation: 500",
        "dataset: cifar100", "dataset: shapes", "dataset: {name: shapes, train: 500}",
        "dataset: {name: shapes, test: 500}", "backbone: resnet34", "stem: imagenet",
        "normalization: gn", "normalization: {name: gn, groups: 16}",
        "initialization: kaiming_fan_out", "optimizer: {name: sgd, learning_rate: 0.2}",
        "optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9}",
        "optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9, dampening: 0.1}",
        "optimizer: {name: sgd, learning_rate: 0.1, weight_decay: 1e-4}",
        "optimizer: {name: sgd, learning_rate: 0.1, momentum: 0.9, nesterov: true}",
        "gc: gc", "gc: gcc", "label_smoothing: 0.1", "schedule: {name: step, every: 1}",
        "schedule: {name: step, every: 2}", "schedule: {name: step, every: 1, factor: 0.5}",
        "schedule: {name: milestones, milestones: [1]}",
        "schedule: {name: milestones, milestones: [1, 2]}",
        "schedule: {name: milestones, milestones: [1], factor: 0.5}", "schedule: cosine",
        "schedule: {name: cosine, final: 0.1}", "schedule: {name: constant, warm_up_epochs: 1}",
        "schedule: {name: constant, warm_up_epochs: 1, warm_up_start: 0.1}", "epochs: 3",
        "batch_size: 64\nevaluation_batch_size: 128", "evaluation_batch_size: 64",
        "precision: float64", "precision: bfloat16", "threads: 1", "seeds: [1]",
        "augmentation: none", "optimizer: {name: adam, learning_rate: 0.1}",
        "optimizer: {name: adam, learning_rate: 0.1, convention: keras}",
        "optimizer: {name: adam, learning_rate: 0.1, betas: [0.8, 0.999]}",
        "optimizer: {name: adam, learning_rate: 0.1, epsilon: 1e-3}",
        "optimizer: {name: adam, learning_rate: 0.1, amsgrad: true}",
        "optimizer: {name: adamw, learning_rate: 0.1}",
        "optimizer: {name: adamw, learning_rate: 0.1, convention: reference}",
        "optimizer: {name: adamw, learning_rate: 0.1, convention: reference_advanced}",
        "optimizer: {name: rmsprop, learning_rate: 0.1}",
        "optimizer: {name: rmsprop, learning_rate: 0.1, centered: true}",
        "optimizer: {name: rmsprop, learning_rate: 0.1, rho: 0.9}",
        "optimizer: {name: adagrad, learning_rate: 0.1}",
        "optimizer: {name: adagrad, learning_rate: 0.1, initial_accumulator: 1}",
        "optimizer: {name: adagrad, learning_rate: 0.1, learning_rate_decay: 1}",
        "optimizer: {name: sgd, learning_rate: 0.1, clip_norm: 1}",
        "optimizer: {name: sgd, learning_rate: 0.1, lookahead: 5}",
        "optimizer: {name: sgd, learning_rate: 0.1, lookahead: 5, lookahead_share: 0.2}",
        "pretrained: weights.pth", "pretrained: other.pth",
        "pretrained: {path: weights.pth, replace_classifier: true}",
        "pretrained: {path: weights.pth, digest: 0123abcd}",
        "parameter_groups: [{parameters: bias, weight_decay: 0.5}]",
        "parameter_groups: [{parameters: head, learning_rate_factor: 10}]",
        "parameter_groups: [{parameters: layer1, frozen: true}]",
        "schedule: polynomial", "schedule: {name: polynomial, power: 2}", "schedule: one_cycle",
        "schedule: {name: one_cycle, rise: 0.5}", "schedule: {name: cosine, per: epoch}",
        "schedule: {name: constant, warm_up_iterations: 10}", "quirks: [biased_convolutions]",
        "backbone: resnet50", "backbone: {name: resnet50, stride_in: 1x1}", "backbone: vgg11",
        "normalization: ln", "normalization: in", "normalization: frozen_bn",
        "normalization: none", "normalization: {name: bn, weight_standardization: true}",
        "normalization: {name: gn, weight_standardization: true}", "initialization: keras",
        "initialization: xavier", "initialization: kaiming_fan_out_uniform_scale",
    ]

    @Test("Every semantic field changes the identifier")
    func sensitivity() throws {
        let texts = [Fixture.text] + Self.semanticChanges.map { Fixture.text($0) }
        let identifiers = try texts.map(Self.identifier)
        #expect(Set(identifiers).count == texts.count)
    }

    @Test("Pretrained weights are known by their content, wherever they lie")
    func pretrained() throws {
        func identifier(_ line: String, _ digest: String?) throws -> JobIdentifier {
            let job = try #require(try Fixture.experiment(line).jobs.first)
            let context = JobIdentifier.Context(
                backend: "cpu", datasetIdentity: "md5:c58f30108f", weightsDigest: digest)
            return job.identifier(in: context)
        }
        let digest = "0123abcd" + String(repeating: "0", count: 56)
        let here = try identifier("pretrained: ${HERE}/a.pth", digest)
        #expect(try identifier("pretrained: /there/b.safetensors", digest) == here)
        #expect(try identifier("pretrained: {path: c, digest: 0123ABCD}", digest) == here)
        #expect(try identifier("pretrained: {path: c, replace_classifier: true}", digest) != here)
        #expect(
            try identifier("pretrained: ${HERE}/a.pth", digest.replacing("a", with: "e")) != here)
        #expect(try identifier("pretrained: ${HERE}/a.pth", nil) != here)
        #expect(try identifier("gc: none", digest) == Self.identifier(Fixture.text))
    }

    @Test("Backend, data and smoke change the identifier")
    func contextSensitivity() throws {
        let job = try #require(try Fixture.experiment().jobs.first)
        let identifiers = [
            job.identifier(in: Self.context),
            job.identifier(in: .init(backend: "cuda", datasetIdentity: "md5:c58f30108f")),
            job.identifier(in: .init(backend: "cpu", datasetIdentity: "manifest:1")),
            job.identifier(in: .init(backend: "cpu\ndata=manifest:1", datasetIdentity: "")),
            job.smokeTrial.identifier(in: Self.context),
        ]
        #expect(Set(identifiers).count == identifiers.count)
    }

    @Test("A cell forgets the seed, a row forgets seed and mode, and neither forgets more")
    func cells() throws {
        let jobs = try Fixture.experiment(
            "gc: [none, gc]", "normalization: [bn, gn]", "seeds: 2"
        ).jobs
        #expect(jobs.count == 8)
        #expect(Set(jobs.map { $0.identifier(in: Self.context) }).count == 8)
        #expect(Set(jobs.map { $0.cellIdentifier(in: Self.context) }).count == 4)
        #expect(Set(jobs.map { $0.rowIdentifier(in: Self.context) }).count == 2)
        for job in jobs {
            let sibling = job.with(seed: 9)
            #expect(
                sibling.cellIdentifier(in: Self.context) == job.cellIdentifier(in: Self.context))
        }
    }

    @Test("The canonical form is sorted by key, complete and written one way")
    func canonicalForm() throws {
        let job = try #require(
            try Fixture.experiment("schedule: {name: step, every: 60}").jobs.first)
        #expect(
            job.canonicalForm(in: Self.context) == """
                augmentation=standard
                backbone=resnet18
                backend=cpu
                batch_size=128
                code=2
                data=md5:c58f30108f
                dataset=cifar10
                epochs=2
                evaluation_batch_size=128
                gc=none
                initialization=torch
                label_smoothing=0
                normalization.name=bn
                optimizer.chain=scaleByLearningRate(η)
                optimizer.learning_rate=0.1
                optimizer.name=sgd
                precision=float32
                schedule=step 60×0.1
                seed=0
                smoke=false
                stem=cifar
                threads=auto

                """)
        // sha256sum of the text above, first 32 digits.
        #expect(job.identifier(in: Self.context).hexadecimal == "61277b378899457751195ebfa8b94d34")
    }

    @Test("A hundred thousand identifiers are distinct")
    func many() throws {
        let seeds = Array(0..<50_000)
        let jobs = try Fixture.experiment("gc: [none, gc]", seeds: seeds).jobs
        #expect(jobs.count == 100_000)
        #expect(Set(jobs.map { $0.identifier(in: Self.context) }).count == 100_000)
    }
}

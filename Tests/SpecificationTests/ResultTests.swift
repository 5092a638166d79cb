import Datasets
import Foundation
import Models
import Optimizers
import Specifications
import Testing

@Suite("Labels, trials and data folders")
struct ResultTests {
    @Test("A row is named after what varies, by the spec's label first, else in full")
    func labels() throws {
        let lone = try Fixture.experiment()
        #expect(
            lone.labels() == [
                "cifar10 resnet18 bn sgd none"
            ])
        let labelled = try Fixture.experiment(
            "gc: [none, gc]",
            "variants: [{label: slow, epochs: 9}, {label: \"quick\", gc: none}, {epochs: 7}]")
        #expect(
            labelled.labels() == [
                "slow, gc=none", "slow, gc=gc", "quick", "gc=none, epochs=7", "gc=gc, epochs=7",
            ])
        #expect(labelled.jobs.map(labelled.label(of:)) == labelled.labels())
        #expect(
            labelled.labels(withoutMode: true) == ["slow", "slow", "quick", "epochs=7", "epochs=7"])
    }

    @Test("What follows from another field is not named beside it")
    func impliedFields() throws {
        let experiment = try Experiment(
            parsing: Fixture.text("batch_size: [32, 64]", "dataset: [cifar10, imagenet, shapes]"),
            path: "a.spec")
        #expect(experiment.axes.map(\.field) == [.dataset, .batchSize])
        #expect(
            experiment.axes.map(\.values) == [["cifar10", "imagenet", "shapes"], ["32", "64"]])
    }

    @Test("Weights to start from are an axis, a path or a map, and rows are named after them")
    func pretrained() throws {
        let experiment = try Fixture.experiment(
            "pretrained: [\"${A}\", {path: b.pth, replace_classifier: true}]")
        #expect(
            experiment.jobs.map(\.pretrained) == [
                PretrainedWeights(path: "${A}"),
                PretrainedWeights(path: "b.pth", replacesClassifier: true),
            ])
        #expect(
            experiment.labels() == ["pretrained=${A}", "pretrained=b.pth with a new classifier"])
        let weights = try #require(experiment.jobs.first?.pretrained)
        #expect(try weights.resolvedPath(environment: ["A": "/w"]) == "/w")
        #expect(throws: UnsetVariable.self) { try weights.resolvedPath(environment: ["A": ""]) }
        #expect(try Fixture.experiment().jobs.first?.pretrained == nil)
    }

    @Test("The stem fits the data set unless the spec says otherwise")
    func stems() throws {
        let jobs = try Experiment(
            parsing: Fixture.text("dataset: [shapes, cifar10, cifar100, imagenet]"), path: "a.spec"
        ).jobs
        #expect(jobs.map(\.stem) == [.cifar, .cifar, .cifar, .imagenet])
        #expect(try Fixture.experiment("stem: imagenet").jobs.map(\.stem) == [.imagenet])
    }

    @Test("A trial has one seed per cell, two steps of two images and one evaluation batch")
    func smoke() throws {
        let experiment = try Fixture.experiment("gc: [none, gc]", "seeds: [4, 2, 0]")
        let trial = experiment.smokeTrial
        #expect(trial.jobs.map(\.seed) == [4, 4])
        #expect(trial.jobs.map(\.gradientCentralization) == [.none, .gc])
        #expect(trial.labels() == ["gc=none", "gc=gc"])
        for job in trial.jobs {
            #expect(job.smoke && job.epochs == 1 && job.batchSize == 2)
            #expect(job.evaluationBatchSize == 2)
            #expect(job.dataset == DatasetSettings(name: .cifar10, trainCount: 4, testCount: 2))
            #expect(job.backbone == .resnet18 && job.stem == .cifar)
        }
    }

    @Test("A data folder is kept as written and resolved from the environment on demand")
    func dataRoot() throws {
        let experiment = try Experiment(
            parsing: Fixture.text("dataset: {name: cifar10, root: ${DATA}/${SET}-x}"),
            path: "a.spec")
        let root = try #require(experiment.dataRoots[.cifar10])
        #expect(root.text == "${DATA}/${SET}-x")
        #expect(try root.resolved(environment: ["DATA": "/d", "SET": "c"]) == "/d/c-x")
        let error = #expect(throws: DataRootError.self) {
            try root.resolved(environment: ["DATA": "/d", "SET": ""])
        }
        #expect(
            error?.description == "a.spec:1:32: error: the environment variable SET of the path "
                + "'${DATA}/${SET}-x' is not set; set it, or give the folder with --data NAME=PATH")
    }

    @Test("Two folders for one data set are a mistake")
    func twoRoots() {
        let text = Fixture.text(
            "variants: [{dataset: {root: /a}, epochs: 3}, {dataset: {root: /b}}]")
        #expect(Fixture.messages(text).hasPrefix("a.spec:6:63: error: cifar10 has two roots"))
    }

    @Test("An experiment survives JSON")
    func codable() throws {
        let experiment = try Fixture.experiment("gc: [none, gc]", "normalization: gn", "threads: 2")
        let data = try JSONEncoder().encode(experiment)
        #expect(try JSONDecoder().decode(Experiment.self, from: data) == experiment)
    }
}

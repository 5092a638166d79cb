import Datasets
import Foundation
import Models
import Optimizers
import Specifications
import Testing

@Suite("Grid and experiments")
struct ExperimentTests {
    @Test("Every committed spec parses and spreads", arguments: try Fixture.committedSpecs())
    func committedSpec(path: String) throws {
        let experiment = try SpecificationFile.load(path)
        #expect(!experiment.jobs.isEmpty)
        #expect(Set(experiment.jobs).count == experiment.jobs.count)
        #expect(experiment.title + ".spec" == URL(fileURLWithPath: path).lastPathComponent)
    }

    @Test("The committed specs have the jobs of their protocols")
    func committedCounts() throws {
        let counts = try Fixture.committedSpecs().map {
            "\(URL(fileURLWithPath: $0).lastPathComponent) \(try SpecificationFile.load($0).jobs.count)"
        }
        #expect(
            counts == [
                "cifar100_optimizers.spec 280", "cifar100_resnet18.spec 20",
                "cifar10_resnet18.spec 12", "image_folder_resnet18.spec 6", "imagenet_r50.spec 4",
                "imagenette_resnet18.spec 6", "quickstart.spec 9",
            ])
    }

    @Test("The first axis changes slowest and seeds fastest")
    func order() throws {
        let experiment = try Fixture.experiment(
            "normalization: [bn, {name: gn, groups: [16, 32]}]", "gc: [none, gcc]", "seeds: 2")
        let rows = experiment.jobs.map { "\(experiment.label(of: $0)) \($0.seed)" }
        #expect(
            rows == [
                "normalization=bn, gc=none 0", "normalization=bn, gc=none 1",
                "normalization=bn, gc=gcc 0", "normalization=bn, gc=gcc 1",
                "normalization=gn16, gc=none 0", "normalization=gn16, gc=none 1",
                "normalization=gn16, gc=gcc 0", "normalization=gn16, gc=gcc 1",
                "normalization=gn32, gc=none 0", "normalization=gn32, gc=none 1",
                "normalization=gn32, gc=gcc 0", "normalization=gn32, gc=gcc 1",
            ])
    }

    @Test("What a spec leaves out has the documented defaults")
    func defaults() throws {
        let job = try #require(try Fixture.experiment().jobs.first)
        #expect(
            job
                == JobSpecification(
                    dataset: DatasetSettings(name: .cifar10), backbone: .resnet18, stem: .cifar,
                    optimizer: OptimizerSettings(learningRate: 0.1), epochs: 2, batchSize: 128,
                    evaluationBatchSize: 128))
    }
}

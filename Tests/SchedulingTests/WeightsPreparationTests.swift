import Datasets
import Foundation
import Graphs
import Models
import Optimizers
import Scheduling
import Specifications
import Tensors
import Testing
import Training

/// What is known of pretrained weights before a job runs.
@Suite("Jobs that start from weights")
struct WeightsPreparationTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func job(_ pretrained: PretrainedWeights?) -> JobSpecification {
        JobSpecification(
            dataset: DatasetSettings(name: .shapes, trainCount: 64, testCount: 16),
            backbone: .resnet8, stem: .cifar, pretrained: pretrained,
            optimizer: OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 0),
            epochs: 1, batchSize: 8, evaluationBatchSize: 8)
    }

    private func prepared(
        _ pretrained: PretrainedWeights?, needsData: Bool = true, isSmoke: Bool = false,
        weights: [Backbone: String] = [:], environment: [String: String] = [:]
    ) throws -> PreparedJob {
        var preparation = JobPreparation(
            PreparationOptions(
                dataRoots: [:], weights: weights, environment: environment, needsData: needsData,
                backend: nil, overrides: [], arguments: []))
        let job = isSmoke ? job(pretrained).smokeTrial : job(pretrained)
        let experiment = Experiment(specificationPath: "fine.spec", jobs: [job])
        return try #require(try preparation.prepare(experiment).first)
    }

    private func write(classes: Int = 10, seed: Int = 0, to name: String) throws -> String {
        let graph = try NetworkGraphs(job(nil), classCount: classes).forward(images: [1, 3, 32, 32])
        let path = folder.appendingPathComponent(name).path
        try Safetensors.write(
            Dictionary(
                uniqueKeysWithValues: graph.variables.map {
                    ($0.path, $0.initialTensor(seed: seed))
                }), to: path)
        return path
    }

    @Test("A missing file is told before anything runs, with its key and how to get one")
    func missing() throws {
        for path in ["${WEIGHTS}", "nowhere.pth"] {
            let error = #expect(throws: (any Error).self) {
                try prepared(PretrainedWeights(path: path))
            }
            let text = "\(error.map { "\($0)" } ?? "")"
            #expect(text.hasPrefix("fine.spec: error: `pretrained: \(path)`:"), "\(text)")
            #expect(text.contains("--weights resnet8=PATH") && text.contains("--smoke"))
        }
    }

    @Test("Plans and smoke runs need no file")
    func planned() throws {
        let weights = PretrainedWeights(path: "${WEIGHTS}")
        let plan = try prepared(weights, needsData: false)
        #expect(try plan.id != prepared(nil, needsData: false).id)
        _ = try prepared(weights, isSmoke: true)
    }

    @Test("The id follows the content: not the path, the variable or the option that names it")
    func identity() throws {
        let (first, second) = (try write(to: "a.safetensors"), try write(to: "b.safetensors"))
        let other = try write(seed: 1, to: "c.safetensors")
        let id = try prepared(PretrainedWeights(path: first)).id
        #expect(try prepared(PretrainedWeights(path: second)).id == id)
        #expect(
            try prepared(PretrainedWeights(path: "${W}"), environment: ["W": second]).id == id)
        #expect(
            try prepared(PretrainedWeights(path: other), weights: [.resnet8: first]).id == id)
        #expect(try prepared(PretrainedWeights(path: first), needsData: false).id == id)
        #expect(try prepared(PretrainedWeights(path: other)).id != id)
    }

    @Test("Weights of another digest or another network are refused before anything runs")
    func refused() throws {
        let path = try write(to: "a.safetensors")
        #expect(throws: (any Error).self) {
            try prepared(PretrainedWeights(path: path, digest: "00000000"))
        }
        _ = try prepared(PretrainedWeights(path: try write(classes: 7, to: "7.safetensors")))
        let wrong = folder.appendingPathComponent("wrong.safetensors").path
        try Safetensors.write(["conv1.weight": HostTensor([1 as Float], shape: [1])], to: wrong)
        let error = #expect(throws: MisfittingWeights.self) {
            try prepared(PretrainedWeights(path: wrong))
        }
        #expect(error?.description.contains("mis-shaped: conv1.weight is [1]") == true)
    }
}

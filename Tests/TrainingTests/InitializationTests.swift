import Datasets
import Foundation
import Graphs
import Models
import Optimizers
import Specifications
import Tensors
import Testing
import Training

@Suite("Initialization")
struct InitializationTests {
    private func start(of path: String, _ initialization: Initialization, _ backbone: Backbone)
        throws -> [Double]
    {
        let specification = JobSpecification(
            dataset: DatasetSettings(name: .cifar10), backbone: backbone, stem: .cifar,
            initialization: initialization, optimizer: OptimizerSettings(learningRate: 0.1),
            epochs: 1, batchSize: 2, evaluationBatchSize: 2,
            quirks: ProtocolQuirks([.biasedConvolutions]))
        let graph = try NetworkGraphs(specification, classCount: 10).forward(
            images: [1, 3, 32, 32])
        return try #require(graph.variable(path)).initialTensor(seed: 0).doubles()
    }

    private struct Summary {
        let mean: Double
        let deviation: Double
        let largest: Double
        let count: Double

        init(_ numbers: [Double]) {
            let mean = numbers.reduce(0, +) / Double(numbers.count)
            self.mean = mean
            let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            deviation = (squares / Double(numbers.count)).squareRoot()
            largest = numbers.reduce(0) { max($0, abs($1)) }
            count = Double(numbers.count)
        }
    }

    /// Oracle: the formulas, for layer2.0.conv1.weight `[128, 64, 3, 3]` of ResNet-18: fan-in 576,
    /// fan-out 1152. Deviations of a sample are off by about 1/√(2n), a fifth of a percent here.
    @Test(
        "Convolutions start as their names say",
        arguments: [
            (Initialization.torch, 1 / 576.0.squareRoot(), true),
            (.kaimingFanOut, (2 / 1152.0).squareRoot(), false),
            (.kaimingFanOutUniformScale, (2 / 1152.0).squareRoot(), false),
            (.keras, (6 / 1728.0).squareRoot(), true), (.xavier, (6 / 1728.0).squareRoot(), true),
        ] as [(Initialization, Double, Bool)])
    func convolutions(initialization: Initialization, size: Double, isUniform: Bool) throws {
        let summary = Summary(try start(of: "layer2.0.conv1.weight", initialization, .resnet18))
        let deviation = isUniform ? size / 3.0.squareRoot() : size
        #expect(abs(summary.deviation / deviation - 1) < 0.01)
        #expect(abs(summary.mean) < 5 * deviation / summary.count.squareRoot())
        #expect(isUniform ? summary.largest <= size : summary.largest > 3.5 * size)
    }

    @Test("Scales and biases start as their names say", arguments: Initialization.allCases)
    func small(initialization: Initialization) throws {
        let scales = Summary(try start(of: "layer4.0.bn1.weight", initialization, .resnet18))
        let biases = Summary(try start(of: "layer4.0.conv1.bias", initialization, .resnet18))
        if initialization == .kaimingFanOutUniformScale {
            #expect(abs(scales.mean - 0.5) < 0.05 && scales.largest < 1)
            #expect(abs(scales.deviation - 1 / 12.0.squareRoot()) < 0.02)
        } else {
            #expect(scales.deviation == 0 && scales.mean == 1)
        }
        switch initialization {
        case .torch, .kaimingFanOut, .kaimingFanOutUniformScale:
            let bound = 1 / (256 * 9.0).squareRoot()
            #expect(biases.largest <= bound && biases.largest > 0.95 * bound)
        case .keras, .xavier: #expect(biases.largest == 0)
        }
    }

    /// Oracle: the distribution function of the normal distribution between −2 and 2, and its
    /// deviation 0.8796 (both from the error function).
    @Test("Xavier's dense kernel is normal, cut off at two deviations")
    func truncatedNormal() throws {
        let numbers = try start(of: "fc.weight", .xavier, .resnet18).map { $0 / 0.01 }.sorted()
        let summary = Summary(numbers)
        #expect(abs(summary.deviation - 0.8796) < 0.02 && summary.largest <= 2)
        func distribution(_ x: Double) -> Double { erf(x / 2.0.squareRoot()) }
        let distances = numbers.enumerated().map { rank, x in
            let expected = (distribution(x) / distribution(2) + 1) / 2
            return abs(expected - (Double(rank) + 0.5) / summary.count)
        }
        // The Kolmogorov–Smirnov distance that one sample in a thousand exceeds.
        #expect((distances.max() ?? 1) < 1.95 / summary.count.squareRoot())
        #expect(try start(of: "fc.bias", .xavier, .resnet18).allSatisfy { $0 == 0 })
    }
}

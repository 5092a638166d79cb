import Datasets
import Graphs
import Models
import Optimizers
import Specifications
import Tensors
import Testing
import Training

/// A network on images of some size, and its published or independently counted totals.
struct NetworkTotals: Sendable, CustomTestStringConvertible {
    let backbone: Backbone
    let stem: Stem
    let imageExtent: Int
    let classCount: Int
    let parameters: Int
    /// In millions, rounded; nil where the source says nothing.
    let megaMultiplyAdds: Int?
    var quirks = ProtocolQuirks.none

    var testDescription: String { "\(backbone.rawValue), \(stem.rawValue), \(classCount) classes" }

    /// torchvision 0.28's models; the counts of its documentation.
    static let torchvision = [
        photos(.resnet18, 11_689_512, 1_814), photos(.resnet34, 21_797_672, 3_664),
        photos(.resnet50, 25_557_032, 4_089), photos(.resnet101, 44_549_160, 7_801),
        photos(.resnext50x32x4d, 25_028_904, 4_230),
        photos(.resnext101x64x4d, 83_455_272, 15_460), photos(.densenet121, 7_978_856, 2_834),
        // timm's resnext101_32x4d.
        photos(.resnext101x32x4d, 44_177_704, nil),
    ]

    /// The published CIFAR-100 networks, counted from their definitions.
    static let cifar100 = [
        small(.resnet18, 11_220_132, 555), small(.resnet34, 21_328_292, 1_159),
        small(.resnet50, 23_705_252, 1_298), small(.resnet101, 42_697_380, 2_510),
        small(.resnext29x4x64d, 27_288_996, 4_228), small(.vgg11, 9_277_284, 153),
        small(.densenet121, 7_048_548, 888),
    ]

    /// The example of Keras: its own summary, and the published ImageNet network with biases.
    static let others = [
        NetworkTotals(
            backbone: .kerasNetwork, stem: .imagenet, imageExtent: 300, classCount: 2,
            parameters: 1_704_097, megaMultiplyAdds: 280),
        NetworkTotals(
            backbone: .resnet50, stem: .imagenet, imageExtent: 224, classCount: 1_000,
            parameters: 25_557_032 + 26_560, megaMultiplyAdds: 4_089,
            quirks: ProtocolQuirks([.biasedConvolutions])),
    ]

    private static func photos(_ backbone: Backbone, _ parameters: Int, _ mega: Int?)
        -> NetworkTotals
    {
        NetworkTotals(
            backbone: backbone, stem: .imagenet, imageExtent: 224, classCount: 1_000,
            parameters: parameters, megaMultiplyAdds: mega)
    }

    private static func small(_ backbone: Backbone, _ parameters: Int, _ mega: Int)
        -> NetworkTotals
    {
        NetworkTotals(
            backbone: backbone, stem: .cifar, imageExtent: 32, classCount: 100,
            parameters: parameters, megaMultiplyAdds: mega)
    }

    func specification(_ change: (inout JobSpecification) -> Void = { _ in }) -> JobSpecification {
        var specification = JobSpecification(
            dataset: DatasetSettings(name: .cifar100), backbone: backbone, stem: stem,
            normalization: backbone.publishedNormalization,
            optimizer: OptimizerSettings(learningRate: 0.1), epochs: 1, batchSize: 2,
            evaluationBatchSize: 2)
        specification.quirks = quirks
        change(&specification)
        return specification
    }

    func table(_ change: (inout JobSpecification) -> Void = { _ in }) throws -> LayerTable {
        LayerTable(
            try NetworkGraphs(specification(change), classCount: classCount)
                .forward(images: [1, 3, imageExtent, imageExtent]))
    }
}

@Suite("Networks layer by layer")
struct NetworkTableTests {
    @Test(
        "Parameters and multiply-adds are those of the reference",
        arguments: NetworkTotals.torchvision + NetworkTotals.cifar100 + NetworkTotals.others)
    func totals(network: NetworkTotals) throws {
        let table = try network.table()
        #expect(table.parameters == network.parameters)
        if let mega = network.megaMultiplyAdds {
            #expect((table.multiplyAdds + 500_000) / 1_000_000 == mega)
        }
        let names = table.rows.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(table.rows.reduce(0) { $0 + $1.parameters } == network.parameters)
    }

    @Test("The stride's place moves work, not parameters")
    func stridePlace() throws {
        let network = try #require(NetworkTotals.torchvision.first { $0.backbone == .resnet50 })
        let table = try network.table { $0.stridePlace = .oneByOne }
        #expect(table.parameters == network.parameters)
        // The paper's 3.8 billion, counted without the classifier's additions as it counts them.
        #expect(table.multiplyAdds / 1_000_000 == 3_857)
    }

    @Test("A norm of each kind costs two numbers a channel, a frozen one none, no norm a bias")
    func norms() throws {
        let network = try #require(NetworkTotals.cifar100.first { $0.backbone == .resnet50 })
        let channels = 26_560
        func parameters(_ normalization: Normalization) throws -> Int {
            try network.table { $0.normalization = normalization }.parameters
        }
        for kind in [Normalization.group(groups: 32), .layer, .instance] {
            #expect(try parameters(kind) == network.parameters)
        }
        let standardized = Normalization(.batch, standardizesWeights: true)
        #expect(try parameters(standardized) == network.parameters)
        #expect(try parameters(.frozenBatch) == network.parameters - 2 * channels)
        #expect(try parameters(.none) == network.parameters - channels)
    }

    @Test("The example of Keras has one logit for two classes, and drops in training alone")
    func kerasLoss() throws {
        let network = try #require(NetworkTotals.others.first { $0.backbone == .kerasNetwork })
        func names(_ classCount: Int, isTraining: Bool) throws -> Set<String> {
            let graphs = NetworkGraphs(network.specification(), classCount: classCount)
            let images: Shape = [2, 3, 100, 100]
            let graph =
                try isTraining
                ? graphs.training(images: images) : graphs.evaluation(images: images)
            #expect((graph.input(NetworkGraphs.Port.dropoutKey) != nil) == isTraining)
            return Set(graph.nodes.map(\.operation.rule.name))
        }
        let binary: Set = ["sigmoid cross-entropy", "sign correct"]
        #expect(try names(2, isTraining: true).isSuperset(of: binary.union(["dropout"])))
        let evaluation = try names(2, isTraining: false)
        #expect(evaluation.isSuperset(of: binary) && !evaluation.contains("dropout"))
        let many = try names(3, isTraining: false)
        #expect(many.contains("softmax cross-entropy") && many.isDisjoint(with: binary))
    }

    @Test("A layer is named after what multiplies in it")
    func operations() throws {
        let network = try #require(NetworkTotals.cifar100.first { $0.backbone == .resnet18 })
        let table = try network.table {
            $0.normalization = Normalization(.none, standardizesWeights: true)
        }
        let first = try #require(table.rows.first)
        #expect(first.name == "conv1" && first.operation == "convolution")
        #expect(table.rows.last?.operation == "matrix product")
    }
}

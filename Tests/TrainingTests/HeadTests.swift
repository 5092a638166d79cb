import Datasets
import Graphs
import Models
import Optimizers
import Specifications
import Tensors
import Testing
import Training

/// Parameters and multiply-adds of a network on an ImageNet photo, as a reference counts them.
struct HeadCount: Sendable, CustomTestStringConvertible {
    let backbone: Backbone
    let head: Head
    let parameters: Int
    /// Convolutions and dense layers, in units of 10⁻⁴ G.
    let multiplyAdds: Int
    let stridePlace: StridePlace

    var testDescription: String { "\(backbone.rawValue) \(head)" }

    init(
        _ backbone: Backbone, _ head: Head, _ parameters: Int, _ multiplyAdds: Double,
        _ stridePlace: StridePlace = .threeByThree
    ) {
        self.stridePlace = stridePlace
        self.backbone = backbone
        self.head = head
        self.parameters = parameters
        self.multiplyAdds = Int((multiplyAdds * 1e4).rounded())
    }

    func layers() throws -> LayerTable {
        let job = JobSpecification(
            dataset: DatasetSettings(name: .imagenet), backbone: backbone, stem: .imagenet,
            optimizer: OptimizerSettings(learningRate: 0.1), epochs: 1, batchSize: 1,
            evaluationBatchSize: 1, head: head
        ).with { $0.stridePlace = stridePlace }
        return LayerTable(
            try NetworkGraphs(job, classCount: 1000).forward(images: [1, 3, 224, 224]))
    }
}

@Suite("Covariance-pooling heads")
struct HeadTests {
    private static func mpn(_ dimension: Int) -> Head {
        .fastMPN(dimension: dimension, iterations: 5)
    }

    /// Computed apart from this code, layer by layer, with the stride of a bottleneck in its 3×3
    /// convolution. DropCov's attention adds the three numbers of its kernel.
    static let counts = [
        HeadCount(.resnet18, .averagePooling, 11_689_512, 1.8141),
        HeadCount(.resnet18, mpn(128), 19_499_304, 3.0678),
        HeadCount(.resnet18, .dropCov(dimension: 128), 19_499_304 + 3, 3.0678),
        HeadCount(.resnet18, mpn(256), 44_205_096, 3.1053),
        HeadCount(.resnet34, .averagePooling, 21_797_672, 3.6638),
        HeadCount(.resnet34, mpn(128), 29_607_464, 5.6111),
        HeadCount(.resnet34, .dropCov(dimension: 256), 54_313_256 + 3, 5.6486),
        HeadCount(.resnet50, .averagePooling, 25_557_032, 4.0892),
        HeadCount(.resnet50, mpn(128), 32_027_432, 6.2662),
        HeadCount(.resnet50, .dropCov(dimension: 128), 32_027_432 + 3, 6.2662),
        HeadCount(.resnet50, mpn(256), 56_929_832, 6.3422),
        // What the published multiply-adds are of: 256 channels, the stride in the 1×1 convolution.
        HeadCount(.resnet50, .averagePooling, 25_557_032, 3.8580, .oneByOne),
        HeadCount(.resnet50, mpn(128), 32_027_432, 6.1121, .oneByOne),
        HeadCount(.resnet50, mpn(256), 56_929_832, 6.1881, .oneByOne),
        HeadCount(.resnet101, mpn(256), 75_921_960, 9.9003, .oneByOne),
        HeadCount(.resnet101, .averagePooling, 44_549_160, 7.8014),
        HeadCount(.resnet101, mpn(128), 51_019_560, 9.9784),
        HeadCount(.resnet101, mpn(256), 75_921_960, 10.0544),
    ]

    @Test("Parameters and multiply-adds are those of the reference", arguments: counts)
    func counted(network: HeadCount) throws {
        let layers = try network.layers()
        #expect(layers.parameters == network.parameters)
        #expect(Int((Double(layers.multiplyAdds) / 1e5).rounded()) == network.multiplyAdds)
    }

    /// d²·M for the covariance and 12·d³ for five steps. The reference also counts a product with
    /// the centring matrix, d·M², in place of which means are subtracted here.
    @Test("What counts leave out is the covariance, and the square root's twelve products")
    func uncounted() throws {
        let (d, m) = (128, 14 * 14)
        let root = try HeadCount(.resnet18, Self.mpn(d), 0, 0).layers()
        let plain = try HeadCount(.resnet18, .dropCov(dimension: d), 0, 0).layers()
        #expect(plain.uncountedMultiplyAdds == d * d * m)
        #expect(root.uncountedMultiplyAdds == d * d * m + 12 * d * d * d)
        let published = Double(root.multiplyAdds + root.uncountedMultiplyAdds + d * m * m) / 1e9
        #expect(abs(published - 3.1011) < 5e-5)
        #expect(
            try HeadCount(.resnet18, .averagePooling, 0, 0).layers().uncountedMultiplyAdds == 0)
    }

    private static func job(_ head: Head, _ precision: ScalarType = .float32, seed: Int = 0)
        -> JobSpecification
    {
        Fixture.job(batchSize: 16, precision: precision, seed: seed).with {
            $0.head = head
            $0.dataset = DatasetSettings(name: .shapes, trainCount: 48, testCount: 16)
        }
    }

    private static func digest(_ job: JobSpecification, loaderThreads: Int = 1) throws -> String? {
        Fixture.outcome(of: try Fixture.events(of: job, loaderThreads: loaderThreads))?
            .weightsDigest
    }

    @Test("Training with dropout gives the same bits for the same seed, and others for another")
    func dropout() throws {
        let head = Head.dropCov(dimension: 8)
        let first = try Self.digest(Self.job(head))
        #expect(try Self.digest(Self.job(head), loaderThreads: 3) == first)
        #expect(try Self.digest(Self.job(head, seed: 1)) != first)
    }

    @Test("The heads differ, and so do numbers of steps")
    func distinct() throws {
        let heads: [Head] = [
            .averagePooling, .fastMPN(dimension: 8, iterations: 5),
            .fastMPN(dimension: 8, iterations: 2), .dropCov(dimension: 8),
        ]
        #expect(Set(try heads.map { try Self.digest(Self.job($0)) }).count == heads.count)
    }

    @Test("Evaluation drops nothing and draws nothing: it is the covariance alone")
    func evaluation() throws {
        let graphs = NetworkGraphs(Self.job(.dropCov(dimension: 8)), classCount: 10)
        let operations = try graphs.forward(images: [2, 3, 16, 16]).nodes.map(\.operation.rule.name)
        #expect(Array(operations.suffix(4)) == [
            "covariance", "upper triangle", "matrix product", "add bias",
        ])
        #expect(!operations.contains("dropout mask"))
        let training = try graphs.training(images: [2, 3, 16, 16])
        #expect(training.nodes.contains { $0.operation.rule.name == "dropout mask" })
        #expect(training.variable("adaptive_dropout.weight")?.parameter?.role == .denseKernel)
    }

    @Test("Covariances are float32 in bfloat16 plans")
    func precision() throws {
        let graphs = NetworkGraphs(
            Self.job(.fastMPN(dimension: 8, iterations: 5), .bfloat16), classCount: 10)
        for node in try graphs.training(images: [2, 3, 16, 16]).nodes
        where node.operation.kind == .covariancePooling {
            #expect(!(node.operands + node.results).contains { $0.spec.scalarType == .bfloat16 })
        }
    }
}

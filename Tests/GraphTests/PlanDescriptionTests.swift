import Graphs
import Optimizers
import Tensors
import Testing

@Suite("Plans as text, fusion and observation")
struct PlanDescriptionTests {
    /// convolution → batch norm → add → ReLU → pooling → loss, one step of SGD_GC.
    private func graph(_ precision: Precision = .float32) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        let master = precision.master
        let x = graph.input("images", TensorSpec([2, 4, 5, 5], precision.activations))
        let labels = graph.input("labels", TensorSpec([2], .int64))
        let sum = try graph.scope("block") {
            let convolved = try graph.scope("conv1") {
                let w = graph.parameter(
                    "weight", [4, 4, 3, 3], Parameter(role: .convolutionKernel), .constant(0))
                return try graph.convolution(x, w, window: Window(kernel: 3, padding: 1))
            }
            let normalized = try graph.scope("bn1") {
                let scale = graph.parameter(
                    "weight", [4], Parameter(role: .normalizationScale), .constant(1))
                let shift = graph.parameter(
                    "bias", [4], Parameter(role: .normalizationShift), .constant(0))
                let rule = NormalizationForward(statistics: .batch, epsilon: 1e-5)
                return try graph.apply(.normalization(rule), to: [convolved, scale, shift])[0]
            }
            return try graph.relu(try graph.add(normalized, x))
        }
        let loss = try graph.softmaxCrossEntropy(try graph.globalAveragePool(sum), labels: labels)
        graph.output("loss", loss)
        let settings = OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4)
        try Recipe(settings, .gc).writeUpdates(
            try graph.gradients(of: loss),
            learningRate: graph.input("rate", TensorSpec(.scalar, master)),
            step: graph.input("step", TensorSpec(.scalar, master)), in: graph)
        return graph.finish()
    }

    @Test("A plan reads as one line per instruction")
    func text() throws {
        let plan = try Planner(target: ReferenceTarget()).plan(graph())
        #expect(plan.description == Self.snapshot)
    }

    /// Checked by hand: every region's lifetime against its neighbours at the same offset.
    private static let snapshot = """
        plan for reference, float32
        arena 6784 bytes, variables 1408 bytes
        input images float32[2, 4, 5, 5] abcd @1408
        input labels int64[2] a @3968
        input rate float32[] scalar @6656
        input step float32[] scalar @2240
        output loss float32[] scalar @6720
        output gradient_energy float32[2] a @1408
        0 convolution: float32[2, 4, 5, 5] abcd @1408, float32[4, 4, 3, 3] abcd @0 -> float32[2, 4, 5, 5] abcd @2240  (block.conv1)
        1 normalization+add+relu: float32[2, 4, 5, 5] abcd @2240, float32[4] a @576, float32[4] a @640, float32[2, 4, 5, 5] abcd @1408 -> float32[2, 4, 5, 5] abcd @3072, float32[4] a @6400, float32[4] a @6464  (block.bn1)
        2 global average pool: float32[2, 4, 5, 5] abcd @3072 -> float32[2, 4] ab @3904
        3 softmax cross-entropy: float32[2, 4] ab @3904, int64[2] a @3968 -> float32[] scalar @6720, float32[2, 4] ab @4736
        4 global average pool gradient: float32[2, 4] ab @4736 -> float32[2, 4, 5, 5] abcd @3904
        5 normalization gradient+add+relu: float32[2, 4, 5, 5] abcd @3904, float32[2, 4, 5, 5] abcd @2240, float32[4] a @576, float32[4] a @640, float32[4] a @6400, float32[4] a @6464, float32[2, 4, 5, 5] abcd @3072 -> float32[2, 4, 5, 5] abcd @4736, float32[4] a @6528, float32[4] a @6592, float32[2, 4, 5, 5] abcd @5568  (block.bn1)
        6 update (sum, sum, sum): float32[4] a @6592, float32[4] a @640, float32[4] a @768, float32[] scalar @6656 -> float32[4] a @640, float32[4] a @768  (block.bn1.bias)
        7 update (sum, sum, sum): float32[4] a @6528, float32[4] a @576, float32[4] a @704, float32[] scalar @6656 -> float32[4] a @576, float32[4] a @704  (block.bn1.weight)
        8 convolution weight gradient: float32[2, 4, 5, 5] abcd @4736, float32[2, 4, 5, 5] abcd @1408 -> float32[4, 4, 3, 3] abcd @2240  (block.conv1)
        9 update (sum, centralize, sum, sum): float32[4, 4, 3, 3] abcd @2240, float32[4, 4, 3, 3] abcd @0, float32[4, 4, 3, 3] abcd @832, float32[] scalar @6656 -> float32[4, 4, 3, 3] abcd @0, float32[4, 4, 3, 3] abcd @832, float32[2] a @1408  (block.conv1.weight)

        """

    @Test("Chains become single instructions when fusing, and only then")
    func fusion() throws {
        func names(_ options: PlanOptions) throws -> Set<String> {
            let plan = try Planner(target: ReferenceTarget(), options: options).plan(graph())
            return Set(plan.instructions.map(\.operation.rule.name))
        }
        let chain = ["update (sum)", "update (scaled)", "update (centralize)"]
        let fused = try names(PlanOptions())
        #expect(
            fused.isSuperset(of: ["normalization+add+relu", "normalization gradient+add+relu"]))
        #expect(
            fused.isSuperset(of: ["update (sum, sum, sum)", "update (sum, centralize, sum, sum)"]))
        #expect(fused.isDisjoint(with: ["relu", "relu gradient", "add"] + chain))
        let unfused = try names(PlanOptions(fuses: false))
        #expect(unfused.isSuperset(of: ["relu", "relu gradient", "add"] + chain))
        #expect(unfused.isDisjoint(with: ["normalization+add+relu", "update (sum, sum, sum)"]))
    }

    /// Two convolutions, each with a norm whose statistics are given; the second one adds `x`.
    private func evaluation() throws -> Graph {
        let graph = GraphBuilder(precision: .float32)
        let x = graph.input("x", TensorSpec([2, 4, 5, 5], .float32))
        var y = x
        for number in 1...2 {
            try graph.withScope("layer\(number)") { () throws(ShapeError) in
                let kernel = graph.parameter(
                    "weight", [4, 4, 3, 3], Parameter(role: .convolutionKernel), .constant(1))
                let state = ["scale", "shift", "mean", "variance"].map {
                    graph.runningStatistic($0, [4], startingAt: 1)
                }
                let product = try graph.convolution(
                    y, kernel, window: Window(kernel: 3, padding: 1))
                let normalized = try graph.apply(
                    .normalizationInference(NormalizationInference(epsilon: 1e-5)),
                    to: [product] + state)[0]
                y = try graph.relu(number == 1 ? normalized : graph.add(normalized, x))
            }
        }
        graph.output("y", y)
        return graph.finish()
    }

    @Test("In evaluation no pass over the activations is left but the convolutions")
    func folding() throws {
        func names(_ options: PlanOptions) throws -> [String] {
            let plan = try Planner(target: ReferenceTarget(), options: options).plan(evaluation())
            return plan.instructions.map(\.operation.rule.name)
        }
        #expect(
            try names(PlanOptions()) == [
                "fold normalization", "convolution+bias+relu", "fold normalization",
                "convolution+bias+add+relu",
            ])
        #expect(try names(PlanOptions(fuses: false)).contains("normalization inference"))
    }

    @Test("An observed scope is not fused away, and keeps memory of its own to the end")
    func observation() throws {
        let options = PlanOptions(observed: ["block.bn1", "block.conv1"])
        let plan = try Planner(target: ReferenceTarget(), options: options).plan(graph())
        #expect(
            plan.outputs.map(\.name) == ["loss", "gradient_energy", "block.bn1", "block.conv1"])
        let region = try #require(plan.output("block.bn1"))
        let writers = plan.instructions.filter { instruction in
            instruction.results.contains { $0.bytes.overlaps(region.bytes) }
        }
        #expect(writers.last?.operation.rule.name == "normalization")
        #expect(writers.last?.scope == "block.bn1")
    }

    @Test("A scope that does not exist is refused with those that do")
    func unknownScope() throws {
        let planner = Planner(
            target: ReferenceTarget(), options: PlanOptions(observed: ["block.conv2"]))
        let error = #expect(throws: PlanningError.self) { try planner.plan(graph()) }
        #expect(
            error?.description
                == "block.conv2: no such scope; there are block.conv1, block.bn1, block")
    }

    @Test("In bfloat16 a convolution reads a copy of its kernel, converted after each update")
    func copies() throws {
        let plan = try Planner(target: ReferenceTarget()).plan(graph(.bfloat16))
        let path = "block.conv1.weight"
        let weight = try #require(plan.variables.region(of: path))
        let copy = try #require(plan.variables.region(of: "\(path).bfloat16"))
        #expect(weight.spec.scalarType == .float32 && copy.spec.scalarType == .bfloat16)
        let convolution = try #require(
            plan.instructions.first { $0.operation.kind == .convolutionForward })
        #expect(convolution.operands[1] == copy)
        let index = try #require(plan.instructions.firstIndex { $0.results.contains(copy) })
        #expect(plan.instructions[index].operation.rule.name == "convert to bfloat16")
        #expect(plan.instructions[index].operands == [weight])
        #expect(plan.instructions[index - 1].results[0] == weight)
    }

    @Test("A gradient reaches a parameter through its copy, in float32")
    func gradientOfCopy() throws {
        let gradient = try #require(
            graph(.bfloat16).nodes.first { $0.operation.kind == .convolutionWeights })
        #expect(gradient.operands.allSatisfy { $0.spec.scalarType == .bfloat16 })
        #expect(gradient.results[0].spec.scalarType == .float32)
    }

    /// Oracle: 2·4·5·5 outputs of 4·3·3 terms, three times (forward, by data, by weights); the
    /// image needs no gradient, so twice.
    @Test("Multiply-adds of a training step are those of its convolutions")
    func multiplyAdds() throws {
        let plan = try Planner(target: ReferenceTarget()).plan(graph())
        #expect(plan.multiplyAdds == 2 * (2 * 4 * 5 * 5 * 36))
    }
}

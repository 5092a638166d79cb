import CPUBackend
import Graphs
import Models
import Optimizers
import Tensors
import Testing

@Suite("Plans for the CPU")
struct CPUTargetTests {
    /// Two convolutions with batch norms, a residual, a classifier, loss and update.
    private func graph(_ precision: Precision = .float32) throws -> Graph {
        let graph = GraphBuilder(precision: precision)
        let layers = LayerWriter(
            graph: graph, normalization: .batch, initialization: .torch, isTraining: true)
        let images = try graph.convert(
            graph.input("images", TensorSpec([4, 3, 16, 16], precision.master)),
            to: precision.activations)
        let scores = try Backbone.resnet18(images, stem: .cifar, classCount: 10, in: layers)
        let loss = try graph.softmaxCrossEntropy(
            scores, labels: graph.input("labels", TensorSpec([4], .int64)))
        let scalar = TensorSpec(.scalar, precision.master)
        try Recipe(OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4), .gc)
            .writeUpdates(
                try graph.gradients(of: loss), learningRate: graph.input("rate", scalar),
                step: graph.input("step", scalar), in: graph)
        return graph.finish()
    }

    private func plan(_ precision: Precision = .float32) throws -> Plan {
        try Planner(target: CPUTarget(threads: 2)).plan(try graph(precision))
    }

    @Test(
        "Activations and gradients are never reordered, only weights on the way back",
        arguments: [Precision.float32, .bfloat16])
    func reorders(_ precision: Precision) throws {
        let plan = try plan(precision)
        let weights = Set(plan.variables.variables.map(\.spec.shape))
        for instruction in plan.instructions {
            guard case .reorder = instruction.operation else { continue }
            #expect(weights.contains(instruction.operands[0].spec.shape), "\(instruction.scope)")
        }
    }

    @Test(
        "A weight's gradient and its momentum lie as the weight does, all in float32",
        arguments: [Precision.float32, .bfloat16])
    func updateLayouts(_ precision: Precision) throws {
        let plan = try plan(precision)
        let updates = plan.instructions.filter { $0.operation.kind == .update }
        #expect(updates.count == 62)
        for update in updates {
            let layouts = Set(update.operands.filter { $0.spec.shape.rank > 0 }.map(\.layout))
            #expect(layouts.count == 1, "\(update.scope)")
            #expect(
                (update.operands + update.results).allSatisfy { $0.spec.scalarType == .float32 })
            // In place: the variable itself is read and written, nothing is copied.
            #expect(plan.variables.regions.contains(update.results[0]))
            #expect(update.operands.contains(update.results[0]))
        }
    }

    /// Twenty kernels have a copy; the images are converted once.
    @Test("A kernel's copy is written once a step, into its place, after its last reader")
    func copies() throws {
        let plan = try plan(.bfloat16)
        let map = plan.variables
        let kernels = map.variables.filter { $0.parameter?.role == .convolutionKernel }
        let places = map.variables.filter(\.isCopy).map { map.region(of: $0.path) }
        #expect(kernels.count == 20 && places.count == kernels.count)
        let conversions = plan.instructions.indices.filter {
            plan.instructions[$0].operation.rule.name == "convert to bfloat16"
        }
        #expect(conversions.count == kernels.count + 1)
        #expect(plan.instructions[conversions[0]].operands[0] == plan.input("images"))
        for index in conversions.dropFirst() {
            let copy = plan.instructions[index]
            let update = plan.instructions[..<index].last { $0.results[0] == copy.operands[0] }
            #expect(update?.operation.kind == .update && places.contains(copy.results[0]))
            let readers = plan.instructions[index...].filter {
                $0.operands.contains(copy.results[0])
            }
            #expect(readers.isEmpty, "\(copy.scope)")
        }
    }

    @Test(
        "In a bfloat16 plan every convolution reads and writes bfloat16, and nothing else is wide")
    func narrow() throws {
        let plan = try plan(.bfloat16)
        for instruction in plan.instructions {
            let types = Set(instruction.operands.map(\.spec.scalarType))
            switch instruction.operation.kind {
            case .convolutionForward, .convolutionData, .convolutionWeights:
                #expect(types == [.bfloat16])
            case .dense, .covariancePooling, .loss, .update: #expect(!types.contains(.bfloat16))
            case .normalization, .elementWise, .pooling, .reorder: break
            }
        }
        let activations = plan.arenaByteCount - plan.variables.byteCount
        let wide = try self.plan()
        #expect(Double(activations) < 0.7 * Double(wide.arenaByteCount - wide.variables.byteCount))
    }

    @Test("Evaluation reads the copies that training wrote and converts nothing but images")
    func sharedCopies() throws {
        let training = try plan(.bfloat16)
        let graph = GraphBuilder(precision: .bfloat16)
        let layers = LayerWriter(
            graph: graph, normalization: .batch, initialization: .torch, isTraining: false)
        let images = graph.input("images", TensorSpec([4, 3, 16, 16], .float32))
        graph.output(
            "scores",
            try Backbone.resnet18(
                try graph.convert(images, to: .bfloat16), stem: .cifar, classCount: 10, in: layers))
        let plan = try Planner(target: CPUTarget(threads: 2))
            .plan(graph.finish(), sharing: training.variables)
        let conversions = plan.instructions.filter {
            $0.operation.rule.name == "convert to bfloat16"
        }
        let input = try #require(plan.input("images"))
        #expect(conversions.map(\.operands) == [[input]])
    }

    /// One bottleneck on large images, whose plan needs no data.
    private func implementations(_ precision: Precision) throws -> [String: Set<String>] {
        let graph = GraphBuilder(precision: precision)
        let layers = LayerWriter(
            graph: graph, normalization: .batch, initialization: .torch, isTraining: true)
        let images = try graph.convert(
            graph.input("images", TensorSpec([2, 3, 224, 224], .float32)),
            to: precision.activations)
        let scores = try Backbone.resnet50(images, stem: .imagenet, classCount: 10, in: layers)
        let loss = try graph.softmaxCrossEntropy(
            scores, labels: graph.input("labels", TensorSpec([2], .int64)))
        for (_, gradient) in try graph.gradients(of: loss) {
            graph.output("\(gradient.id)", gradient)
        }
        let plan = try Planner(target: CPUTarget(threads: 2)).plan(graph.finish())
        return Dictionary(grouping: plan.instructions, by: \.scope).mapValues {
            Set($0.compactMap(\.implementation))
        }
    }

    @Test("The plan names the code that runs: Winograd, our own loops, the library's")
    func implementationNames() throws {
        guard LibraryVersions.kernels.hasPrefix("AVX-512") else { return }
        let names = try implementations(.float32)
        #expect(names["layer1.0.conv1"]?.contains("pointwise:avx512") == true)
        #expect(names["layer2.0.conv2"]?.contains("jit:avx512_core") == true)
        // oneDNN 3 has no Winograd.
        guard LibraryVersions.oneDNN.hasPrefix("2") else { return }
        #expect(names["layer1.0.conv2"] == ["jit_wino_4x3:avx512_core"])
        #expect(names["layer4.1.conv2"] == ["jit:avx512_core"])
    }

    @Test("In bfloat16 3×3 kernels go by tiles, and all other weight gradients in pairs of pixels")
    func narrowImplementationNames() throws {
        guard LibraryVersions.kernels.hasPrefix("AVX-512 with bfloat16") else { return }
        let names = try implementations(.bfloat16)
        #expect(names["layer1.0.conv2"] == ["winograd:avx512_bf16"])
        // Too few tiles are left at the end.
        #expect(names["layer4.1.conv2"]?.contains("winograd:avx512_bf16") == false)
        for scope in ["layer1.0.conv1", "layer2.0.conv2", "layer4.0.downsample.0"] {
            #expect(names[scope]?.contains("pairs:avx512_bf16") == true, "\(scope)")
        }
    }

    @Test("Kernels of grouped convolutions are blocked where the processor has vectors")
    func groups() throws {
        guard !LibraryVersions.kernels.hasPrefix("baseline") else { return }
        for (channels, groups) in [(64, 64), (64, 2)] {
            let graph = GraphBuilder(precision: .float32)
            let x = graph.input("x", TensorSpec([2, channels, 14, 14], .float32))
            let weight = graph.parameter(
                "w", [channels, channels / groups, 3, 3], Parameter(role: .convolutionKernel),
                .constant(0))
            let window = Window(kernel: 3, padding: 1)
            graph.output("y", try graph.convolution(x, weight, window: window, groups: groups))
            let plan = try Planner(target: CPUTarget(threads: 1)).plan(graph.finish())
            #expect(!plan.variables.regions[0].layout.blocks.isEmpty, "\(groups) groups")
        }
    }

    @Test("Every region lies inside the arena and starts where vectors like it")
    func regions() throws {
        let plan = try plan()
        for instruction in plan.instructions {
            for region in instruction.operands + instruction.results {
                #expect(region.offset % 64 == 0)
                #expect(region.bytes.upperBound <= plan.arenaByteCount)
            }
            #expect(instruction.workspace.upperBound <= plan.arenaByteCount)
        }
    }

    @Test("Planning twice gives the same plan")
    func deterministic() throws { #expect(try plan() == plan()) }

    @Test("Formats without kernels are refused where they stand")
    func formats() throws {
        let graph = try graph(.float64)
        let error = #expect(throws: PlanningError.self) {
            try Planner(target: CPUTarget(threads: 1)).plan(graph)
        }
        #expect(error?.scope == "conv1")
        #expect(error?.problem.contains("use precision float32") == true)
    }

    @Test("Classifiers and losses are not computed in bfloat16")
    func masters() throws {
        let graph = GraphBuilder(precision: .bfloat16)
        let x = graph.input("x", TensorSpec([2, 3], .bfloat16))
        let product = MatrixProduct(transposesLeft: false, transposesRight: true)
        graph.output("y", try graph.apply(.matrixProduct(product), to: [x, x])[0])
        let finished = graph.finish()
        let error = #expect(throws: PlanningError.self) {
            try Planner(target: CPUTarget(threads: 1)).plan(finished)
        }
        #expect(error?.problem.contains("matrix product of bfloat16[2, 3]") == true)
    }
}

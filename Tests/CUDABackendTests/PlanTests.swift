import CUDABackend
import CUDAEmulator
import ConformanceCases
import Graphs
import Models
import Optimizers
import Tensors
import Testing

@Suite("Plans for GPUs")
struct PlanTests {
    /// A whole training step of a network, update included.
    private static func plan(
        _ backbone: Backbone, _ stem: Stem, image: Int, batch: Int, _ precision: Precision,
        _ normalization: Normalization = .batch
    ) throws -> Plan {
        let graph = GraphBuilder(precision: precision)
        let layers = LayerWriter(
            graph: graph, normalization: normalization, initialization: .torch, isTraining: true)
        let images = try graph.convert(
            graph.input("images", TensorSpec([batch, 3, image, image], precision.master)),
            to: precision.activations)
        let scores = try backbone(images, stem: stem, classCount: 10, in: layers)
        let loss = try graph.softmaxCrossEntropy(
            scores, labels: graph.input("labels", TensorSpec([batch], .int64)))
        graph.output("loss", loss)
        let scalar = TensorSpec(.scalar, precision.master)
        try Recipe(OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 5e-4), .gc)
            .writeUpdates(
                try graph.gradients(of: loss), learningRate: graph.input("rate", scalar),
                step: graph.input("step", scalar), in: graph)
        return try Planner(target: CUDATarget()).plan(graph.finish())
    }

    private static func plans(_ precision: Precision) throws -> [Plan] {
        [
            try plan(.resnet18, .cifar, image: 32, batch: 128, precision),
            try plan(.resnet50, .imagenet, image: 224, batch: 256, precision),
            try plan(.resnet50, .imagenet, image: 224, batch: 128, precision, .group(groups: 32)),
        ]
    }

    @Test(
        "Only the images are brought into another layout, once",
        arguments: [Precision.float32, .bfloat16])
    func reorders(precision: Precision) throws {
        for plan in try Self.plans(precision) {
            let reorders = plan.instructions.filter { instruction in
                instruction.operands.contains { region in
                    region.spec.shape.rank == 4 && region.layout.isRowMajor
                }
            }
            #expect(reorders.count == 1)
            #expect(reorders.first?.operands.first == plan.input("images"))
        }
    }

    @Test(
        "Every region and every workspace lies in the arena, where 16-byte loads may begin",
        arguments: [Precision.float32, .bfloat16])
    func bounds(precision: Precision) throws {
        for plan in try Self.plans(precision) {
            for instruction in plan.instructions {
                let regions = (instruction.operands + instruction.results).map(\.bytes)
                for bytes in regions + [instruction.workspace] {
                    #expect(bytes.lowerBound.isMultiple(of: 256))
                    #expect(bytes.lowerBound >= 0 && bytes.upperBound <= plan.arenaByteCount)
                }
                for bytes in regions where !instruction.workspace.isEmpty {
                    #expect(!bytes.overlaps(instruction.workspace), "\(instruction.scope)")
                }
            }
        }
    }

    @Test(
        "Updates are in place and in float32, and lie as their weight does",
        arguments: [Precision.float32, .bfloat16])
    func updates(precision: Precision) throws {
        let plan = try Self.plan(.resnet18, .cifar, image: 32, batch: 128, precision)
        let updates = plan.instructions.filter {
            if case .update = $0.operation { true } else { false }
        }
        #expect(updates.count == 62)
        for update in updates {
            #expect(plan.variables.regions.contains(update.results[0]))
            #expect(Set(update.operands.filter { $0.spec.shape.rank > 0 }.map(\.layout)).count == 1)
            #expect(update.operands.allSatisfy { $0.spec.scalarType == .float32 })
        }
    }

    @Test(
        "All weights are updated by one launch, their copies in bfloat16 included",
        arguments: [Precision.float32, .bfloat16])
    func joined(precision: Precision) throws {
        let plan = try Self.plan(.resnet18, .cifar, image: 8, batch: 2, precision)
        var backend = try CUDABackend(EmulatedGPU.libraries)
        try backend.allocateArena(byteCount: plan.arenaByteCount)
        let kernels = try backend.prepare(plan.instructions)
        let joined = zip(plan.instructions, kernels).filter { $1.implementation == "joined" }
        let copies = plan.variables.variables.count { $0.isCopy }
        #expect(joined.count == 61 + copies && copies == (precision == .bfloat16 ? 20 : 0))
    }

    @Test("What reads an update's result, or writes what it reads, is not run with it")
    func dependent() throws {
        let plan = try Self.plan(.resnet18, .cifar, image: 8, batch: 2, .bfloat16)
        var backend = try CUDABackend(EmulatedGPU.libraries)
        try backend.allocateArena(byteCount: plan.arenaByteCount)
        let copy = try #require(
            plan.instructions.last { instruction in
                if case .convert = instruction.operation { true } else { false }
            })
        let update = try #require(
            plan.instructions.first { $0.results.first == copy.operands[0] })
        func joined(_ instructions: [Instruction]) throws -> [Bool] {
            try backend.prepare(instructions).map { $0.implementation == "joined" }
        }
        func conversion(to region: Region) -> Instruction {
            Instruction(
                operation: copy.operation, operands: copy.operands, results: [region],
                workspace: 0..<0, scope: "")
        }
        #expect(try joined([update, copy]) == [false, true])
        #expect(try joined([update, update]) == [false, false])
        // The copy is one of what the second update makes.
        #expect(try joined([update, update, copy]) == [false, false, true])
        let gradient = update.operands[0]
        let overGradient = conversion(
            to: Region(
                offset: gradient.offset, spec: copy.results[0].spec,
                layout: copy.results[0].layout))
        #expect(try joined([update, overGradient]) == [false, false])
    }

    /// The same plan with every update in a launch of its own.
    @Test(
        "Joining updates changes no bit", arguments: ConformanceCase.networks,
        [Precision.float32, .bfloat16])
    func joining(testCase: ConformanceCase, precision: Precision) throws {
        let apart = try testCase.outcome(
            on: OneByOne(engine: try CUDABackend(EmulatedGPU.libraries)), target: CUDATarget(),
            precision: precision)
        #expect(try testCase.onGPU(precision) == apart)
    }

    @Test("A whole training step is one replay, whose loss falls")
    func wholeStep() throws {
        let plan = try Self.plan(.resnet18, .cifar, image: 8, batch: 2, .bfloat16)
        let executor = try Executor.make(
            plans: [plan], on: try CUDABackend(EmulatedGPU.libraries))
        for (variable, region) in zip(plan.variables.variables, plan.variables.regions)
        where !variable.isCopy {
            var random = CounterRandom(seed: 1, stream: .test, name: variable.path)
            let scale = variable.spec.shape.rank > 1 ? 0.05 : 0.01
            let center = variable.path.hasSuffix("bn1.weight") ? 1.0 : 0
            let numbers = (0..<variable.spec.shape.count).map { _ in
                Float(center + random.uniform(in: -scale..<scale))
            }
            try executor.load(
                HostTensor(
                    variable.parameter == nil
                        ? numbers.map { _ in variable.path.hasSuffix("var") ? 1 : 0 } : numbers,
                    shape: region.spec.shape), into: variable)
        }
        var random = CounterRandom(seed: 2, stream: .test)
        let images = (0..<2 * 3 * 8 * 8).map { _ in Float(random.uniform(in: -1..<1)) }
        let ports = try ["images", "labels", "rate", "step"].map { try #require(plan.input($0)) }
        let loss = try #require(plan.output("loss"))
        let (launches, replays) = (gcb_emulator_launches(), gcb_emulator_replays())
        var losses: [Double] = []
        for step in 0..<4 {
            try executor.write(HostTensor(images, shape: [2, 3, 8, 8]), to: ports[0])
            try executor.write(HostTensor([Int64(3), 7], shape: [2]), to: ports[1])
            try executor.write(0.02, to: ports[2])
            try executor.write(Double(step), to: ports[3])
            try executor.run()
            losses.append(try executor.number(in: loss))
        }
        #expect(gcb_emulator_launches() == launches)
        #expect(gcb_emulator_replays() == replays + 4)
        #expect(losses.allSatisfy(\.isFinite) && losses[3] < losses[0], "\(losses)")
    }

    @Test("What cannot be run is said when planning, with what to do")
    func unsupported() throws {
        let graph = GraphBuilder(precision: .float64)
        let x = graph.input("x", TensorSpec([1, 2, 3, 3], .float64))
        graph.output("y", try graph.scope("here") { try graph.relu(x) })
        let message = #expect(throws: PlanningError.self) {
            _ = try Planner(target: CUDATarget()).plan(graph.finish())
        }?.description
        #expect(
            message == "here: relu of float64[1, 2, 3, 3] is not supported on the cuda backend; "
                + "use precision float32, or --device cpu")
    }
}

/// Prepares instructions one by one, and so joins none.
private struct OneByOne: Backend, ~Copyable {
    var engine: CUDABackend

    var name: String { engine.name }

    mutating func allocateArena(byteCount: Int) throws(BackendError) {
        try engine.allocateArena(byteCount: byteCount)
    }

    mutating func prepare(_ instruction: Instruction) throws(BackendError) -> CUDAKernel {
        try engine.prepare(instruction)
    }

    func run(_ kernel: CUDAKernel) throws(BackendError) { try engine.run(kernel) }

    func upload(_ bytes: UnsafeRawBufferPointer, to offset: Int) throws(BackendError) {
        try engine.upload(bytes, to: offset)
    }

    func download(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int) throws(BackendError) {
        try engine.download(bytes, from: offset)
    }

    func synchronize() throws(BackendError) { try engine.synchronize() }
}

import CUDABackend
import CUDAEmulator
import ConformanceCases
import Graphs
import ReferenceBackend
import Tensors
import Testing

@Suite("Kernels for GPUs, run on an emulated one")
struct KernelTests {
    private static let precisions = [Precision.float32, .bfloat16]

    private static func named(_ words: [String]) -> [ConformanceCase] {
        ConformanceCase.operations.filter { testCase in
            words.contains { testCase.name.hasPrefix($0) }
        }
    }

    /// Oracle: the reference in double precision.
    @Test(
        "Our own convolutions and products compute what the reference defines",
        arguments: named([
            "convolution", "data gradient", "weight gradient", "matrix product", "square root",
            "drop probability",
        ]), precisions)
    func ownLoops(testCase: ConformanceCase, precision: Precision) throws {
        let oracle = try testCase.outcome(
            on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
            rounding: precision.activations, options: PlanOptions(sharing: .disabled))
        let mismatches = try testCase.onGPU(precision, EmulatedGPU.alone).mismatches(
            with: oracle, testCase.tolerance, precision)
        #expect(mismatches.isEmpty)
    }

    /// A race is a result that depends on who comes first.
    @Test(
        "No bit depends on the order of threads and blocks",
        arguments: ConformanceCase.all, precisions)
    func races(testCase: ConformanceCase, precision: Precision) throws {
        let forwards = try testCase.onGPU(precision)
        gcb_emulator_set_reversed(true)
        defer { gcb_emulator_set_reversed(false) }
        #expect(try testCase.onGPU(precision) == forwards)
    }

    @Test(
        "A plan that is replayed as a graph computes what its kernels compute one by one",
        arguments: ConformanceCase.networks, precisions)
    func capture(testCase: ConformanceCase, precision: Precision) throws {
        let replays = gcb_emulator_replays()
        let replayed = try testCase.onGPU(precision)
        #expect(gcb_emulator_replays() == replays + Int64(testCase.steps))
        let launched = try testCase.onGPU(precision, options: CUDAOptions(captures: false))
        #expect(gcb_emulator_replays() == replays + Int64(testCase.steps))
        #expect(replayed == launched)
    }

    /// Of the emulated library's four engines one changes from run to run, one is coarse, one wants
    /// too much memory; for depthwise kernels there is none.
    @Test("Convolutions take the first engine that is repeatable, precise and small enough")
    func engines() throws {
        func implementation(groups: Int, _ precision: Precision, _ options: CUDAOptions) throws
            -> String?
        {
            let graph = GraphBuilder(precision: precision)
            let x = graph.input("x", TensorSpec([2, 8, 5, 5], precision.activations))
            let w = graph.input("w", TensorSpec([8, 8 / groups, 3, 3], precision.activations))
            let rule = Convolution(window: Window(kernel: 3, padding: 1), groups: groups)
            graph.output("y", try graph.apply(.convolution(rule), to: [x, w])[0])
            let plan = try Planner(target: CUDATarget()).plan(graph.finish())
            var backend = try CUDABackend(EmulatedGPU.libraries, options: options)
            try backend.allocateArena(byteCount: plan.arenaByteCount)
            let last = try #require(plan.instructions.last { $0.operation.kind != .reorder })
            return try backend.prepare(last).implementation
        }
        let careful = CUDAOptions()
        #expect(try implementation(groups: 1, .float32, careful) == "cudnn engine 3")
        #expect(try implementation(groups: 1, .bfloat16, careful) == "cudnn engine 1")
        let coarse = CUDAOptions(allowsTF32: true)
        #expect(try implementation(groups: 1, .float32, coarse) == "cudnn engine 1")
        let fast = CUDAOptions(isFast: true)
        #expect(try implementation(groups: 1, .float32, fast) == "cudnn engine 0")
        #expect(
            try implementation(groups: 8, .float32, careful)
                == "own (find an engine: none of its 0 is precise, repeatable and small enough)")
    }

    /// The emulated library's second engine rounds float32 numbers as tensor cores do.
    @Test("TF32 is used where it is asked for and nowhere else")
    func tensorFloat32() throws {
        for testCase in Self.named(["convolution 3×3 wide", "matrix product 8×512"]) {
            let oracle = try testCase.outcome(
                on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
                rounding: .float32)
            let coarse = try testCase.onGPU(.float32, options: CUDAOptions(allowsTF32: true))
            #expect(!coarse.mismatches(with: oracle, testCase.tolerance, .float32).isEmpty)
            #expect(coarse.mismatches(with: oracle, .network, .bfloat16).isEmpty)
        }
    }
}

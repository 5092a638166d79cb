import CPUBackend
import ConformanceCases
import Graphs
import ReferenceBackend
import Tensors
import Testing

@Suite("The CPU backend")
struct CPUBackendTests {
    /// Oracle: the reference backend in double precision.
    @Test(
        "Any number of threads computes what the reference defines", arguments: [1, 3],
        ConformanceCase.networks)
    func threadCounts(threads: Int, testCase: ConformanceCase) throws {
        let oracle = try testCase.outcome(
            on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
            rounding: .float32)
        let outcome = try testCase.outcome(
            on: try CPUBackend(threads: threads), target: CPUTarget(threads: threads),
            precision: .float32)
        #expect(outcome.mismatches(with: oracle, testCase.tolerance, .float32).isEmpty)
    }

    @Test("An update that may not be in place carries its momentum along")
    func updateElsewhere() throws {
        let outcomes = try [PlanOptions.Sharing.enabled, .disabled].map { sharing in
            let graph = GraphBuilder(precision: .float32)
            let spec = TensorSpec([8], .float32)
            let scalar = TensorSpec(.scalar, .float32)
            let weight = graph.parameter("w", spec.shape, Parameter(role: .bias), .constant(0))
            let moment = graph.runningStatistic("m", spec.shape, startingAt: 0)
            var program = UpdateWriter()
            let (w, m) = (program.tensor(weight), program.tensor(moment))
            let next = program.sum(0.5, m, 1, program.tensor(graph.input("g", spec)))
            let rate = UpdateWriter.Coefficient(-1, graph.input("rate", scalar))
            let moved = program.sum(1, w, rate, next)
            let results = try program.apply(returning: [moved, next], in: graph)
            graph.assign(results[0], to: weight)
            graph.assign(results[1], to: moment)
            return try weightAfterOneStep(of: graph.finish(), PlanOptions(sharing: sharing))
        }
        // w = 1 − 0.25·(0.5·8 + 2)
        #expect(outcomes == [[Float](repeating: -0.5, count: 8), outcomes[0]])
    }

    /// One step, not the first one, with w = 1, m = 8, g = 2 and η = 0.25.
    private func weightAfterOneStep(of graph: Graph, _ options: PlanOptions) throws -> [Float] {
        let plan = try Planner(target: CPUTarget(threads: 1), options: options).plan(graph)
        let executor = try Executor.make(plans: [plan], on: try CPUBackend(threads: 1))
        for (variable, value) in zip(graph.variables, [Float(1), 8]) {
            try executor.load(
                HostTensor([Float](repeating: value, count: 8), shape: [8]), into: variable)
        }
        for (name, value) in [("rate", 0.25), ("step", 5.0)] {
            if let region = plan.input(name) { try executor.write(value, to: region) }
        }
        if let region = plan.input("g") {
            try executor.write(HostTensor([Float](repeating: 2, count: 8), shape: [8]), to: region)
        }
        try executor.run()
        return try executor.read(graph.variables[0]).values(as: Float.self)
    }

    /// A 1×1 kernel of 16 channels has one block of inputs, so its layout has two names. The plain
    /// loop that oneDNN falls back to takes many seconds here, generated code some milliseconds.
    @Test("A kernel whose layout has two names runs generated code")
    func ambiguousLayout() throws {
        let graph = GraphBuilder(precision: .bfloat16)
        let dy = graph.input("dy", TensorSpec([128, 32, 16, 16], .bfloat16))
        let weight = graph.parameter(
            "w", [32, 16, 1, 1], Parameter(role: .convolutionKernel), .constant(0.5))
        let rule = ConvolutionDataGradient(
            window: Window(kernel: 1, stride: 2), groups: 1,
            data: TensorSpec([128, 16, 32, 32], .bfloat16))
        graph.output(
            "dx",
            try graph.apply(
                .convolutionDataGradient(rule), to: [dy, try graph.convert(weight, to: .bfloat16)]
            )[0])
        let plan = try Planner(target: CPUTarget(threads: 1)).plan(graph.finish())
        let executor = try Executor.make(plans: [plan], on: try CPUBackend(threads: 1))
        try executor.run()
        let clock = ContinuousClock()
        let fastest = try (0..<3).map { _ in try clock.measure { try executor.run() } }.min()
        #expect(try #require(fastest) < .seconds(2))
    }

    /// Oracle: `BFloat16` of the program's tensors.
    @Test("Numbers are converted to nearest, ties to even, and back without loss")
    func conversion() throws {
        let bits: [UInt32] = [
            0, 0x8000_0000, 0x3F80_7FFF, 0x3F80_8000, 0x3F80_8001, 0x3F81_8000, 0xBF81_8000,
            0x3EAA_AAAB, 0x7F7F_7FFF, 0x7F80_0000, 0xFF80_0000, 0x0080_8000, 0x4049_0FDB,
        ]
        let numbers = bits.map(Float.init(bitPattern:))
        let graph = GraphBuilder(precision: .bfloat16)
        let x = graph.input("x", TensorSpec([numbers.count], .float32))
        let narrow = try graph.convert(x, to: .bfloat16)
        graph.output("narrow", narrow)
        graph.output("wide", try graph.convert(narrow, to: .float32))
        let plan = try Planner(target: CPUTarget(threads: 1)).plan(graph.finish())
        let executor = try Executor.make(plans: [plan], on: try CPUBackend(threads: 1))
        let input = try #require(plan.input("x"))
        try executor.write(HostTensor(numbers, shape: [numbers.count]), to: input)
        try executor.run()
        let expected = numbers.map { BFloat16($0) }
        let actual = try executor.read(try #require(plan.output("narrow")))
        #expect(actual.values(as: BFloat16.self) == expected)
        let wide = try executor.read(try #require(plan.output("wide")))
        #expect(wide.values(as: Float.self) == expected.map(\.float))
    }

    private func reluPlan() throws -> Plan {
        let graph = GraphBuilder(precision: .float32)
        let x = graph.input("x", TensorSpec([1, 4, 4, 4], .float32))
        graph.output("y", try graph.relu(x))
        return try Planner(target: CPUTarget(threads: 1)).plan(graph.finish())
    }

    @Test("Preparing without an arena is an error, not a crash")
    func missingArena() throws {
        let plan = try reluPlan()
        var backend = try CPUBackend(threads: 1)
        do throws(BackendError) {
            _ = try backend.prepare(plan.instructions[0])
            Issue.record("an instruction was prepared without an arena")
        } catch { #expect(error.description.contains("no arena was allocated")) }
    }

    @Test("Bytes outside the arena are refused")
    func outside() throws {
        var backend = try CPUBackend(threads: 1)
        try backend.allocateArena(byteCount: 4096)
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 16, alignment: 8)
        defer { bytes.deallocate() }
        for offset in [-1, 1 << 40] {
            do throws(BackendError) {
                try backend.upload(UnsafeRawBufferPointer(bytes), to: offset)
                Issue.record("16 bytes at \(offset) were accepted")
            } catch { #expect(error.description.contains("outside the arena")) }
        }
    }

    @Test("A plan for more threads than the backend has is refused or runs, but never overruns")
    func scratchMemory() throws {
        // A weight gradient's scratch memory grows with the threads.
        let graph = GraphBuilder(precision: .float32)
        let x = graph.input("x", TensorSpec([8, 64, 8, 8], .float32))
        let rule = ConvolutionWeightGradient(
            window: Window(kernel: 3, padding: 1), groups: 1,
            weight: TensorSpec([64, 64, 3, 3], .float32))
        let results = try graph.apply(.convolutionWeightGradient(rule), to: [x, x])
        graph.output("dw", results[0])
        let plan = try Planner(target: CPUTarget(threads: 1)).plan(graph.finish())
        do throws(BackendError) {
            try runOnce(plan, threads: 8)
        } catch { #expect(error.description.contains("bytes of scratch memory")) }
    }

    private func runOnce(_ plan: Plan, threads: Int) throws(BackendError) {
        let executor = try Executor.make(plans: [plan], on: try CPUBackend(threads: threads))
        try executor.run()
    }

    @Test("The versions of the library and of its headers are the same kind")
    func versions() {
        let pattern = /\d+\.\d+\.\d+/
        #expect(LibraryVersions.oneDNN.wholeMatch(of: pattern) != nil)
        #expect(
            LibraryVersions.oneDNN.prefix(while: { $0 != "." })
                == LibraryVersions.oneDNNHeaders.prefix(while: { $0 != "." }))
        #expect(LibraryVersions.openBLAS.contains("OpenBLAS"))
        #expect(!LibraryVersions.openBLASCore.isEmpty && !LibraryVersions.kernels.isEmpty)
    }
}

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

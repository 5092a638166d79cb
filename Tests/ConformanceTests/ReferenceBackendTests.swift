import Graphs
import ReferenceBackend
import Tensors
import Testing

@Suite("What the reference backend refuses")
struct ReferenceBackendTests {
    private func instruction(_ type: ScalarType, _ layout: Layout = .rowMajor(rank: 4)) throws
        -> Instruction
    {
        let graph = GraphBuilder(precision: type == .float64 ? .float64 : .float32)
        let x = graph.input("x", TensorSpec([1, 2, 1, 1], type))
        graph.output("y", try graph.scope("here") { try graph.relu(x) })
        let target = OneLayoutTarget(layout: layout)
        let plan = try Planner(target: target).plan(graph.finish())
        return try #require(plan.instructions.first { $0.operation.rule.name == "relu" })
    }

    private func refusal(_ instruction: Instruction, arenaByteCount: Int?) -> String? {
        #expect(throws: BackendError.self) {
            var backend = ReferenceBackend<Float>()
            if let arenaByteCount { try backend.allocateArena(byteCount: arenaByteCount) }
            _ = try backend.prepare(instruction)
        }?.description
    }

    @Test("Instructions that it cannot run are refused when they are prepared")
    func refusals() throws {
        let prefix = "the reference backend could not prepare relu"
        #expect(
            refusal(try instruction(.float32), arenaByteCount: nil)
                == "\(prefix): no arena was allocated")
        #expect(
            refusal(try instruction(.float64), arenaByteCount: 1000)
                == "here: \(prefix): it computes in float32 only, not float64[1, 2, 1, 1]")
        #expect(
            refusal(try instruction(.float32), arenaByteCount: 4)?
                .hasSuffix("are outside the arena") == true)
        let blocked = try #require(Layout("aBcd2b"))
        #expect(
            refusal(try instruction(.float32, blocked), arenaByteCount: 1000)
                == "here: \(prefix): it is row-major only, not aBcd2b")
    }

    @Test("Bytes outside the arena are neither read nor written")
    func transfers() throws {
        var backend = ReferenceBackend<Float>()
        try backend.allocateArena(byteCount: 8)
        try [1, 2].withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            try backend.upload(UnsafeRawBufferPointer(rebasing: bytes[..<8]), to: 0)
        }
        var failures = 0
        var bytes = [UInt8](repeating: 0, count: 8)
        for offset in [-1, 1, 8] {
            bytes.withUnsafeMutableBytes { buffer in
                do {
                    try backend.download(buffer, from: offset)
                } catch { failures += 1 }
                do {
                    try backend.upload(UnsafeRawBufferPointer(buffer), to: offset)
                } catch { failures += 1 }
            }
        }
        #expect(failures == 6)
        try bytes.withUnsafeMutableBytes { try backend.download($0, from: 0) }
        #expect(bytes == [1, 0, 0, 0, 0, 0, 0, 0])
    }
}

/// Everything lies in one layout.
private struct OneLayoutTarget: Target {
    let layout: Layout

    var name: String { "one layout" }
    var alignment: Int { 64 }

    func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        -> Requirement
    {
        Requirement(
            operandLayouts: node.operands.map { _ in layout },
            resultLayouts: node.results.map { _ in layout })
    }
}

import Graphs
import Tensors

/// Where instructions of a bfloat16 plan run: their operands are widened to `Scalar` here, and the
/// results are rounded, once, on the way back. That is the definition of precision bfloat16.
///
/// A class because all kernels of a backend share the memory: one runs at a time.
final class WideMemory<Scalar: ReferenceScalar> {
    private var arena: HostArena?

    /// Makes `instruction` ready to run; its regions lie in `narrow`.
    func kernel(for instruction: Instruction, in narrow: HostArena) throws(BackendError)
        -> () -> Void
    {
        var end = 0
        func place(_ region: Region) -> (narrow: Region, wide: Region) {
            let wide = Region(
                offset: end, spec: Self.widened(region.spec),
                layout: .rowMajor(rank: region.spec.shape.rank))
            end += (wide.byteCount + 63) / 64 * 64
            return (region, wide)
        }
        let operands = instruction.operands.map(place)
        let results = instruction.results.map(place)
        try reserve(end)
        let wide = Instruction(
            operation: instruction.operation, operands: operands.map(\.wide),
            results: results.map(\.wide), workspace: 0..<0, scope: instruction.scope)
        return {
            guard let arena = self.arena else { return }
            for pair in operands { Self.widen(pair.narrow, in: narrow, to: pair.wide, in: arena) }
            Scalar.kernel(for: wide, in: arena)()
            for pair in results { Self.round(pair.wide, in: arena, to: pair.narrow, in: narrow) }
        }
    }

    private func reserve(_ byteCount: Int) throws(BackendError) {
        if byteCount > arena?.byteCount ?? 0 { arena = try HostArena(byteCount: byteCount) }
    }

    private static func widened(_ spec: TensorSpec) -> TensorSpec {
        spec.scalarType == .bfloat16 ? TensorSpec(spec.shape, Scalar.scalarType) : spec
    }

    private static func widen(
        _ source: Region, in narrow: HostArena, to target: Region, in wide: HostArena
    ) {
        let (from, to) = (narrow.base + source.offset, wide.base + target.offset)
        guard source.spec.scalarType == .bfloat16 else {
            return to.copyMemory(from: from, byteCount: source.byteCount)
        }
        let numbers = from.assumingMemoryBound(to: BFloat16.self)
        let result = to.assumingMemoryBound(to: Scalar.self)
        for i in 0..<source.spec.shape.count { result[i] = Scalar(numbers[i].float) }
    }

    private static func round(
        _ source: Region, in wide: HostArena, to target: Region, in narrow: HostArena
    ) {
        let (from, to) = (wide.base + source.offset, narrow.base + target.offset)
        guard target.spec.scalarType == .bfloat16 else {
            return to.copyMemory(from: from, byteCount: target.byteCount)
        }
        let numbers = from.assumingMemoryBound(to: Scalar.self)
        let result = to.assumingMemoryBound(to: BFloat16.self)
        for i in 0..<target.spec.shape.count { result[i] = BFloat16(Float(numbers[i])) }
    }
}

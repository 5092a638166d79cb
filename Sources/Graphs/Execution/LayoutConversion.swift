public import Tensors

/// Moves tensors between row-major order and a region's layout, on the host.
public enum LayoutConversion {
    /// The bytes of `tensor` as they lie in `layout`; padding is zero.
    public static func bytes(of tensor: HostTensor, in layout: Layout) -> [UInt8] {
        if layout.isRowMajor { return tensor.bytes }
        return moved(
            tensor.bytes, tensor.spec, layout, byteCount: layout.byteCount(of: tensor.spec),
            toRowMajor: false)
    }

    /// The tensor whose bytes in `layout` are `bytes`.
    public static func tensor(_ spec: TensorSpec, from bytes: [UInt8], in layout: Layout)
        -> HostTensor
    {
        if layout.isRowMajor { return HostTensor(spec: spec, bytes: bytes) }
        let rowMajor = moved(
            bytes, spec, layout, byteCount: spec.byteCount, toRowMajor: true)
        return HostTensor(spec: spec, bytes: rowMajor)
    }

    private static func moved(
        _ bytes: [UInt8], _ spec: TensorSpec, _ layout: Layout, byteCount: Int, toRowMajor: Bool
    ) -> [UInt8] {
        guard spec.shape.count > 0, spec.shape.rank > 0 else { return bytes }
        var result = [UInt8](repeating: 0, count: byteCount)
        result.withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { source in
                let move = ElementMove(
                    source: source, target: target, shape: spec.shape, layout: layout,
                    toRowMajor: toRowMajor)
                switch spec.scalarType.byteCount {
                case 1: move.run(UInt8.self)
                case 2: move.run(UInt16.self)
                case 4: move.run(UInt32.self)
                default: move.run(UInt64.self)
                }
            }
        }
        return result
    }
}

/// Every element of a tensor, from one order to another.
private struct ElementMove {
    let source: UnsafeRawBufferPointer
    let target: UnsafeMutableRawBufferPointer
    let shape: Shape
    let layout: Layout
    let toRowMajor: Bool

    /// `Bits` has the size of an element.
    func run<Bits: FixedWidthInteger>(_ type: Bits.Type) {
        let (from, to) = (
            source.assumingMemoryBound(to: Bits.self),
            target.assumingMemoryBound(to: Bits.self)
        )
        let (outer, inner) = offsets()
        inner.withUnsafeBufferPointer { inner in
            var index = 0
            for base in outer {
                for offset in inner {
                    if toRowMajor {
                        to[index] = from[base + offset]
                    } else {
                        to[base + offset] = from[index]
                    }
                    index += 1
                }
            }
        }
    }

    /// The offsets of all elements in row-major order are the sums of an outer and an inner one.
    /// Both lists are short, whatever the shape.
    private func offsets() -> (outer: [Int], inner: [Int]) {
        var (outer, inner) = ([0], [0])
        for table in layout.offsetTables(of: shape).reversed() {
            if inner.count < 512 && outer.count == 1 {
                inner = table.flatMap { base in inner.map { base + $0 } }
            } else {
                outer = table.flatMap { base in outer.map { base + $0 } }
            }
        }
        return (outer, inner)
    }
}

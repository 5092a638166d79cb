public import Tensors

/// Moves tensors between row-major order and a region's layout, on the host.
public enum LayoutConversion {
    /// The bytes of `tensor` as they lie in `layout`; padding is zero.
    public static func bytes(of tensor: HostTensor, in layout: Layout) -> [UInt8] {
        if layout.isRowMajor { return tensor.bytes }
        var converted = [UInt8](repeating: 0, count: layout.byteCount(of: tensor.spec))
        let size = tensor.scalarType.byteCount
        converted.withUnsafeMutableBytes { target in
            tensor.bytes.withUnsafeBytes { source in
                forEachElement(of: tensor.shape, in: layout) { index, offset in
                    for byte in 0..<size {
                        target[offset * size + byte] = source[index * size + byte]
                    }
                }
            }
        }
        return converted
    }

    /// The tensor whose bytes in `layout` are `bytes`.
    public static func tensor(_ spec: TensorSpec, from bytes: [UInt8], in layout: Layout)
        -> HostTensor
    {
        if layout.isRowMajor { return HostTensor(spec: spec, bytes: bytes) }
        var converted = [UInt8](repeating: 0, count: spec.byteCount)
        let size = spec.scalarType.byteCount
        converted.withUnsafeMutableBytes { target in
            bytes.withUnsafeBytes { source in
                forEachElement(of: spec.shape, in: layout) { index, offset in
                    for byte in 0..<size {
                        target[index * size + byte] = source[offset * size + byte]
                    }
                }
            }
        }
        return HostTensor(spec: spec, bytes: converted)
    }

    /// Calls `body` with each element's row-major number and its offset in `layout`.
    @inline(__always)
    private static func forEachElement(
        of shape: Shape, in layout: Layout, _ body: (Int, Int) -> Void
    ) {
        guard shape.count > 0, shape.rank > 0 else { return }
        let tables = layout.offsetTables(of: shape)
        let rows = tables.dropLast().reduce([0]) { bases, table in
            bases.flatMap { base in table.map { base + $0 } }
        }
        let last = tables[shape.rank - 1]
        for (row, base) in rows.enumerated() {
            for (column, offset) in last.enumerated() {
                body(row * last.count + column, base + offset)
            }
        }
    }
}

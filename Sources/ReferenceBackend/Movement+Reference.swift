import Graphs
import Tensors

extension Reorder {
    /// The element with index (i₀, i₁, …) moves from Σ source[axis][i] to Σ target[axis][i];
    /// padding becomes zero.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        switch site.instruction.operands[0].spec.scalarType {
        case .float64: moves(of: Double.self, site)
        case .float32: moves(of: Float.self, site)
        case .bfloat16: moves(of: BFloat16.self, site)
        case .int64: moves(of: Int64.self, site)
        case .int32: moves(of: Int32.self, site)
        case .uint8: moves(of: UInt8.self, site)
        }
    }

    private func moves<Scalar: ReferenceScalar, Element: HostScalar>(
        of element: Element.Type, _ site: Site<Scalar>
    ) -> () -> Void {
        let (from, to) = (site.instruction.operands[0], site.instruction.results[0])
        let (source, target): (View<Element>, View<Element>) = (site.view(from), site.view(to))
        let sources = Self.offsets(of: from)
        let targets = Self.offsets(of: to)
        return {
            UnsafeMutableRawPointer(target.start).initializeMemory(
                as: UInt8.self, repeating: 0, count: to.byteCount)
            for (from, to) in zip(sources, targets) { target[to] = source[from] }
        }
    }

    /// Where each element lies, in row-major order.
    private static func offsets(of region: Region) -> [Int] {
        region.layout.offsetTables(of: region.spec.shape).reduce([0]) { bases, table in
            bases.flatMap { base in table.map { base + $0 } }
        }
    }
}

extension Convert {
    /// The backend computes in one format; ``WideMemory`` rounds.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        return {
            for i in 0..<y.count { y[i] = x[i] }
        }
    }
}

extension Reshape {
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (x, y) = (site.operand(0), site.result(0))
        return {
            if x.start != y.start { y.start.update(from: x.start, count: y.count) }
        }
    }
}

extension Copy {
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (from, to) = (site.instruction.operands[0], site.instruction.results[0])
        let (source, target) = (site.arena.base + from.offset, site.arena.base + to.offset)
        return { target.copyMemory(from: source, byteCount: from.byteCount) }
    }
}

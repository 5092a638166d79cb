import CCUDA
import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// Between layouts, formats or both.
    func permutation() throws(CUDAFailure) -> Body {
        let (from, to) = (operands[0], results[0])
        var arguments = gcb_permutation()
        (arguments.source, arguments.target) = (address(from), address(to))
        let shape = to.spec.shape
        arguments.count = Int64(shape.count)
        let strides = from.layout.strides(of: shape)
        let order = to.layout.order
        arguments.rank = Int32(order.count)
        fill(&arguments.extents, with: order.map { Int32(shape[$0]) })
        fill(&arguments.strides, with: order.map { Int64(strides[$0]) })
        return try launch(
            try mover(from.spec.scalarType, to.spec.scalarType), .none, .threads(shape.count),
            arguments)
    }

    private func mover(_ from: ScalarType, _ to: ScalarType) throws(CUDAFailure) -> String {
        switch (from, to) {
        case (.float32, .bfloat16): return "narrow"
        case (.bfloat16, .float32): return "widen"
        case _ where from == to: return "permute_\(from.byteCount)"
        default:
            throw CUDAFailure(
                library: "the cuda backend", action: "convert \(from) to \(to)",
                status: "not supported")
        }
    }

    func copy() -> Body {
        let (device, source, target) = (device, operand(0), result(0))
        let byteCount = results[0].byteCount
        return { () throws(CUDAFailure) in
            guard source != target else { return }
            try device.libraries.check(
                device.driver.copyOnDevice(target, source, byteCount, device.stream),
                "cuMemcpyDtoDAsync", "copy \(byteCount) bytes")
        }
    }
}

extension Layout {
    /// How far apart neighbours along each axis lie, in elements; for layouts without blocks.
    func strides(of shape: Shape) -> [Int] {
        precondition(blocks.isEmpty, "\(self) has blocks")
        var strides = Array(repeating: 1, count: rank)
        var stride = 1
        for axis in order.reversed() {
            strides[axis] = stride
            stride *= shape[axis]
        }
        return strides
    }
}

import CKernels
import COneDNN
import Graphs
import Tensors

extension Site {
    /// Between layouts, formats or both.
    func reorder() throws(OneDNNFailure) -> Body {
        let (from, to) = (instruction.operands[0], instruction.results[0])
        if isNarrowing(from, to) { return narrowing() }
        var (source, result) = try ends(from, to)
        let library = library
        let descriptor = try PrimitiveDescriptor(
            "\(instruction.operation.rule.name) of \(from.spec)"
        ) {
            gcb_dnn_reorder($0, library.engine, &source, &result, library.attributes)
        }
        // Reorders are planned without scratch memory; nearly all of them want none.
        let scratchpad = ScratchMemory(byteCount: descriptor.scratchpadByteCount)
        let primitive = try Primitive(
            descriptor,
            [
                Primitive.Argument(number: DNNL_ARG_FROM, tensor: source, data: address(from)),
                Primitive.Argument(number: DNNL_ARG_TO, tensor: result, data: address(to)),
            ], scratchpad: scratchpad.base, on: library, stream: stream)
        return { () throws(OneDNNFailure) in
            try primitive.run()
            _ = scratchpad
        }
    }

    /// Whether all that changes is the format, from float32 to bfloat16, as it is for the copies of
    /// weights.
    private func isNarrowing(_ from: Region, _ to: Region) -> Bool {
        (from.spec.scalarType, to.spec.scalarType) == (.float32, .bfloat16)
            && from.layout == to.layout
            && from.layout.paddedShape(of: from.spec.shape) == from.spec.shape
    }

    private func narrowing() -> Body {
        let (x, y) = (operand(0), output(0).assumingMemoryBound(to: gcb_bfloat16.self))
        let (count, threads) = (count, threadCount)
        return { gcb_narrow(x, y, count, threads) }
    }

    /// Both ends of a reorder.
    private func ends(_ from: Region, _ to: Region) throws(OneDNNFailure)
        -> (source: gcb_tensor, result: gcb_tensor)
    {
        do throws(OneDNNFailure) {
            return (try TensorDescription(from).tensor(), try TensorDescription(to).tensor())
        } catch {
            let split = Layout.splittingBlocks(of: from.spec.shape, [from.layout, to.layout])
            guard let (shape, layouts) = split else { throw error }
            func tensor(_ region: Region, _ layout: Layout) throws(OneDNNFailure) -> gcb_tensor {
                try TensorDescription(TensorSpec(shape, region.spec.scalarType), layout).tensor()
            }
            return (try tensor(from, layouts[0]), try tensor(to, layouts[1]))
        }
    }

    func copy() -> Body {
        let (from, to) = (instruction.operands[0], instruction.results[0])
        let (source, target) = (UnsafeRawPointer(address(from)), address(to))
        let (byteCount, threads) = (Int64(to.byteCount), threadCount)
        return {
            if source != UnsafeRawPointer(target) { gcb_copy(source, target, byteCount, threads) }
        }
    }

    /// Brings an operand to the place of a result that is updated in place.
    func move(_ operand: Int, to result: Int) -> () -> Void {
        let (from, to) = (self.operand(operand), self.result(result))
        let (byteCount, threads) = (Int64(instruction.results[result].byteCount), threadCount)
        return { if UnsafePointer(to) != from { gcb_copy(from, to, byteCount, threads) } }
    }
}

/// Memory of a kernel's own, for what could not be planned. A class because it frees it.
private final class ScratchMemory {
    let base: UnsafeMutableRawPointer

    init(byteCount: Int) {
        base = .allocate(byteCount: max(byteCount, 64), alignment: 64)
    }

    deinit { base.deallocate() }
}

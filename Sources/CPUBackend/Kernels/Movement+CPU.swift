import CKernels
import COneDNN
import Graphs
import Tensors

extension Site {
    /// Between layouts, formats or both.
    func reorder() throws(OneDNNFailure) -> Body {
        let (from, to) = (instruction.operands[0], instruction.results[0])
        var source = try TensorDescription(from).tensor()
        var result = try TensorDescription(to).tensor()
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

    func copy() -> Body {
        let (from, to) = (instruction.operands[0], instruction.results[0])
        let (source, target) = (UnsafeRawPointer(address(from)), address(to))
        let (byteCount, threads) = (Int64(to.byteCount), threadCount)
        return { gcb_copy(source, target, byteCount, threads) }
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

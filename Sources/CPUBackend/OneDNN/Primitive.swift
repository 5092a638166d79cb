import COneDNN
import Graphs

/// What oneDNN would do: layouts chosen, scratch memory counted, nothing compiled.
///
/// A class because it owns a handle that many readers share.
final class PrimitiveDescriptor {
    let handle: dnnl_primitive_desc_t

    init(
        _ action: String,
        _ make: (UnsafeMutablePointer<dnnl_primitive_desc_t?>) -> dnnl_status_t
    ) throws(OneDNNFailure) { handle = try OneDNNFailure.check(action, make) }

    deinit { dnnl_primitive_desc_destroy(handle) }

    var scratchpadByteCount: Int { gcb_dnn_bytes(handle, dnnl_query_scratchpad_md) }

    /// oneDNN's name for the code that would run, such as `jit:avx512_core`.
    var implementation: String { String(cString: gcb_dnn_implementation(handle)) }

    /// Whether that code was generated for this processor, rather than being a plain loop.
    var isGenerated: Bool { implementation.hasPrefix("jit") || implementation.hasPrefix("brg") }
}

/// A compiled primitive bound to its memory, ready to run again and again.
///
/// A class because it owns handles; kernels keep it.
final class Primitive {
    /// An argument: its number in oneDNN's table, its tensor, and where it lies.
    struct Argument {
        let number: Int32
        let tensor: gcb_tensor
        let data: UnsafeMutableRawPointer
    }

    private let handle: dnnl_primitive_t
    private let stream: OneDNNStream
    private var memories: [dnnl_memory_t] = []
    private let arguments: UnsafeMutableBufferPointer<dnnl_exec_arg_t>

    /// - Parameter scratchpad: at least `descriptor.scratchpadByteCount` bytes.
    init(
        _ descriptor: PrimitiveDescriptor, _ arguments: [Argument],
        scratchpad: UnsafeMutableRawPointer, on library: OneDNN, stream: OneDNNStream
    ) throws(OneDNNFailure) {
        handle = try OneDNNFailure.check("compile \(descriptor.implementation)") {
            dnnl_primitive_create($0, descriptor.handle)
        }
        self.stream = stream
        self.arguments = .allocate(capacity: arguments.count + 1)
        for (index, argument) in arguments.enumerated() {
            var tensor = argument.tensor
            let memory = try OneDNNFailure.check("describe memory") {
                gcb_dnn_memory_create($0, &tensor, library.engine, argument.data)
            }
            bind(memory, to: argument.number, at: index)
        }
        let scratch = try OneDNNFailure.check("describe scratch memory") {
            gcb_dnn_place_memory_create(
                $0, descriptor.handle, dnnl_query_scratchpad_md, library.engine, scratchpad)
        }
        bind(scratch, to: DNNL_ARG_SCRATCHPAD, at: arguments.count)
    }

    private func bind(_ memory: dnnl_memory_t, to number: Int32, at index: Int) {
        memories.append(memory)
        arguments[index] = dnnl_exec_arg_t(arg: number, memory: memory)
    }

    deinit {
        for memory in memories { dnnl_memory_destroy(memory) }
        dnnl_primitive_destroy(handle)
        arguments.deallocate()
    }

    func run() throws(OneDNNFailure) {
        let status = dnnl_primitive_execute(
            handle, stream.handle, Int32(arguments.count), arguments.baseAddress)
        guard status == dnnl_success else {
            throw OneDNNFailure(action: "run a primitive", status: status)
        }
    }
}

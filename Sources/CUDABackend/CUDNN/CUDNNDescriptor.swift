import CCUDA

/// A descriptor of cuDNN's backend interface.
///
/// A class because it owns what the library made.
final class CUDNNDescriptor {
    let raw: UnsafeMutableRawPointer?
    private let library: CUDNN
    /// What it refers to must outlive it.
    private var children: [CUDNNDescriptor] = []

    init(_ kind: Int, _ library: CUDNN) throws(CUDAFailure) {
        self.library = library
        var raw: UnsafeMutableRawPointer?
        try library.check(
            library.functions.createDescriptor(Int32(kind), &raw),
            "cudnnBackendCreateDescriptor")
        self.raw = raw
    }

    deinit { _ = library.functions.destroyDescriptor(raw) }

    func finalize() throws(CUDAFailure) {
        try library.check(library.functions.finalize(raw), "cudnnBackendFinalize")
    }

    // MARK: - Attributes

    private func set<Value>(
        _ name: Int, _ type: Int, _ values: [Value]
    ) throws(CUDAFailure) {
        let status = values.withUnsafeBytes { bytes in
            library.functions.setAttribute(
                raw, Int32(name), Int32(type), Int64(values.count),
                bytes.baseAddress)
        }
        try library.check(status, "cudnnBackendSetAttribute")
    }

    func set(_ name: Int, integers: [Int]) throws(CUDAFailure) {
        try set(name, GCB_CUDNN_TYPE_INT64, integers.map(Int64.init))
    }

    func set(_ name: Int, float: Float) throws(CUDAFailure) {
        try set(name, GCB_CUDNN_TYPE_FLOAT, [float])
    }

    /// A value of one of the library's enumerations.
    func set(_ name: Int, _ type: Int, choice: Int) throws(CUDAFailure) {
        try set(name, type, [Int32(choice)])
    }

    func set(_ name: Int, descriptor: CUDNNDescriptor) throws(CUDAFailure) {
        try set(name, GCB_CUDNN_TYPE_DESCRIPTOR, [descriptor.raw])
        children.append(descriptor)
    }

    func set(_ name: Int, handle: UnsafeMutableRawPointer) throws(CUDAFailure) {
        try set(name, GCB_CUDNN_TYPE_HANDLE, [handle])
    }

    func set(_ name: Int, addresses: [gcb_device_address]) throws(CUDAFailure) {
        try set(name, GCB_CUDNN_TYPE_POINTER, addresses)
    }

    func integer(_ name: Int) throws(CUDAFailure) -> Int {
        var (value, count) = (Int64(0), Int64(0))
        try get(name, GCB_CUDNN_TYPE_INT64, 1, &count, &value)
        return Int(value)
    }

    /// The numbers of an enumeration's list.
    func choices(_ name: Int, _ type: Int, atMost limit: Int) throws(CUDAFailure)
        -> [Int32]
    {
        var values = [Int32](repeating: 0, count: limit)
        var count = Int64(0)
        try get(name, type, Int64(limit), &count, &values)
        return Array(values.prefix(Int(count)))
    }

    /// Fills descriptors made for the purpose, as the library wants it; fewer may be filled.
    func fill(_ descriptors: [CUDNNDescriptor], with name: Int) throws(CUDAFailure)
        -> [CUDNNDescriptor]
    {
        var pointers = descriptors.map(\.raw)
        var count = Int64(0)
        try get(name, GCB_CUDNN_TYPE_DESCRIPTOR, Int64(pointers.count), &count, &pointers)
        return Array(descriptors.prefix(Int(count)))
    }

    private func get(
        _ name: Int, _ type: Int, _ requested: Int64, _ count: inout Int64,
        _ elements: UnsafeMutableRawPointer
    ) throws(CUDAFailure) {
        let status = library.functions.getAttribute(
            raw, Int32(name), Int32(type), requested, &count, elements)
        try library.check(status, "cudnnBackendGetAttribute")
    }
}

/// cuDNN's functions and its handle.
struct CUDNN {
    let functions: gcb_cudnn
    let handle: UnsafeMutableRawPointer
    let libraries: CUDALibraries

    func check(_ status: Int32, _ call: String) throws(CUDAFailure) {
        try libraries.check(status, of: functions, call, "convolve")
    }
}

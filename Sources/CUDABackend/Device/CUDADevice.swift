import CCUDA
import CUDAKernels
import Graphs

/// One GPU as this process uses it: a context, a stream on which everything happens in order, the
/// handles of the libraries, and the memory that was asked for.
///
/// A class because kernels keep it alive; what it owns is given back when the last one is gone. It
/// belongs to the thread that made it.
final class CUDADevice {
    let libraries: CUDALibraries
    let stream: UnsafeMutableRawPointer
    let modules: KernelModules
    let name: String
    /// Such as `sm_90`.
    let architecture: String
    private(set) var cublas: (functions: gcb_cublas, handle: UnsafeMutableRawPointer)?
    private(set) var cudnn: (functions: gcb_cudnn, handle: UnsafeMutableRawPointer)?

    private let ordinal: Int32
    private var allocations: [gcb_device_address] = []
    private var tables: (next: gcb_device_address, end: gcb_device_address) = (0, 0)

    var driver: gcb_cuda_driver { libraries.driver }

    // MARK: - Making

    init(_ libraries: CUDALibraries, index: Int, cacheFolder: String?) throws(CUDAFailure) {
        let driver = libraries.driver
        self.libraries = libraries
        try libraries.check(driver.initialize(0), "cuInit", "start")
        ordinal = try Self.ordinal(index, libraries)
        var context: UnsafeMutableRawPointer?
        try libraries.check(
            driver.retainContext(&context, ordinal), "cuDevicePrimaryCtxRetain",
            "use GPU \(index)")
        try libraries.check(driver.setContext(context), "cuCtxSetCurrent", "use GPU \(index)")
        var stream: UnsafeMutableRawPointer?
        try libraries.check(
            driver.createStream(&stream, UInt32(GCB_CUDA_STREAM_NON_BLOCKING)),
            "cuStreamCreate", "make a stream")
        guard let stream else {
            throw CUDAFailure(
                library: "the CUDA driver", action: "make a stream", status: "it returned none")
        }
        self.stream = stream
        name = Self.name(of: ordinal, libraries)
        let capability = try Self.capability(of: ordinal, libraries)
        architecture = "sm_\(capability.major)\(capability.minor)"
        guard capability.major >= 8 else {
            throw CUDAFailure(
                library: "the cuda backend", action: "use \(name)",
                status: "it computes in bfloat16 and wants a GPU of compute capability 8.0 or more,"
                    + " this one has \(capability.major).\(capability.minor); use --device cpu")
        }
        modules = KernelModules(
            libraries, architecture: architecture, cacheFolder: cacheFolder)
        try openLibraries()
    }

    private func openLibraries() throws(CUDAFailure) {
        if let functions = libraries.cublas {
            var handle: UnsafeMutableRawPointer?
            try libraries.check(
                functions.create(&handle), of: functions, "cublasLtCreate", "start")
            cublas = handle.map { (functions, $0) }
        }
        if let functions = libraries.cudnn {
            var handle: UnsafeMutableRawPointer?
            try libraries.check(functions.create(&handle), of: functions, "cudnnCreate", "start")
            cudnn = handle.map { (functions, $0) }
            try libraries.check(
                functions.setStream(handle, stream), of: functions, "cudnnSetStream",
                "use the stream")
        }
    }

    private static func ordinal(_ index: Int, _ libraries: CUDALibraries) throws(CUDAFailure)
        -> Int32
    {
        var (count, device) = (Int32(0), Int32(0))
        try libraries.check(
            libraries.driver.deviceCount(&count), "cuDeviceGetCount", "count the GPUs")
        guard index < count else {
            throw CUDAFailure(
                library: "the CUDA driver", action: "use GPU \(index)",
                status: "there are \(count), counted from 0")
        }
        try libraries.check(
            libraries.driver.deviceGet(&device, Int32(index)), "cuDeviceGet", "use GPU \(index)")
        return device
    }

    static func name(of device: Int32, _ libraries: CUDALibraries) -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard libraries.driver.deviceName(&name, Int32(name.count), device) == 0 else {
            return "GPU \(device)"
        }
        return String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func capability(of device: Int32, _ libraries: CUDALibraries)
        throws(CUDAFailure) -> (major: Int32, minor: Int32)
    {
        var (major, minor) = (Int32(0), Int32(0))
        try libraries.check(
            libraries.driver.deviceAttribute(
                &major, Int32(GCB_CUDA_COMPUTE_CAPABILITY_MAJOR), device),
            "cuDeviceGetAttribute", "ask what the GPU can do")
        try libraries.check(
            libraries.driver.deviceAttribute(
                &minor, Int32(GCB_CUDA_COMPUTE_CAPABILITY_MINOR), device),
            "cuDeviceGetAttribute", "ask what the GPU can do")
        return (major, minor)
    }

    deinit {
        _ = driver.synchronizeStream(stream)
        if let cudnn { _ = cudnn.functions.destroy(cudnn.handle) }
        if let cublas { _ = cublas.functions.destroy(cublas.handle) }
        for address in allocations { _ = driver.release(address) }
        modules.unload()
        _ = driver.destroyStream(stream)
        _ = driver.releaseContext(ordinal)
    }

    // MARK: - Memory

    /// `byteCount` bytes that live as long as the device.
    func allocate(byteCount: Int) throws(CUDAFailure) -> gcb_device_address {
        var address = gcb_device_address(0)
        let status = driver.allocate(&address, max(byteCount, 256))
        try libraries.check(status, "cuMemAlloc", "allocate \(byteCount) bytes")
        allocations.append(address)
        return address
    }

    /// A copy of `values` on the device, for kernels to read.
    func table<Value: BitwiseCopyable>(_ values: [Value]) throws(CUDAFailure)
        -> gcb_device_address
    {
        let byteCount = values.count * MemoryLayout<Value>.stride
        let rounded = gcb_device_address((byteCount + 255) / 256 * 256)
        if tables.next + rounded > tables.end {
            let size = max(Int(rounded), 1 << 18)
            tables.next = try allocate(byteCount: size)
            tables.end = tables.next + gcb_device_address(size)
        }
        let address = tables.next
        tables.next += rounded
        let status = values.withUnsafeBytes { bytes in
            driver.copyToDevice(address, bytes.baseAddress, byteCount, stream)
        }
        try libraries.check(status, "cuMemcpyHtoDAsync", "copy a table")
        // The values are gone when this returns.
        try synchronize()
        return address
    }

    func zero(_ address: gcb_device_address, byteCount: Int) throws(CUDAFailure) {
        try libraries.check(
            driver.fill(address, 0, byteCount, stream), "cuMemsetD8Async",
            "zero \(byteCount) bytes")
    }

    /// Puts one of our own kernels behind everything that the stream has to do.
    func launch<Arguments: BitwiseCopyable>(
        _ function: UnsafeMutableRawPointer, _ name: String, _ grid: LaunchGrid,
        _ arguments: Arguments
    ) throws(CUDAFailure) {
        var arguments = arguments
        let status = withUnsafeMutablePointer(to: &arguments) { pointer in
            var parameter: UnsafeMutableRawPointer? = UnsafeMutableRawPointer(pointer)
            return driver.launch(
                function, grid.x, grid.y, grid.z, UInt32(GCB_BLOCK), 1, 1, 0, stream, &parameter,
                nil)
        }
        try libraries.check(status, "cuLaunchKernel", "launch \(name)")
    }

    func synchronize() throws(CUDAFailure) {
        try libraries.check(
            driver.synchronizeStream(stream), "cuStreamSynchronize", "finish its work")
    }
}

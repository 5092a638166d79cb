import CCUDA
import CUDAKernels

/// NVRTC, for one architecture. Needs no GPU.
struct KernelCompiler {
    let functions: gcb_nvrtc
    /// Such as `sm_90`.
    let architecture: String

    /// What an image depends on: text, options and compiler.
    func key(_ format: KernelFormat) -> String {
        var (major, minor) = (Int32(0), Int32(0))
        _ = functions.version(&major, &minor)
        let options = format.options(architecture: architecture).joined(separator: " ")
        return Fingerprint(of: "\(major).\(minor) \(options)\n\(format.source)").text
    }

    /// The machine code of all kernels of a format.
    func image(_ format: KernelFormat) throws(CUDAFailure) -> [UInt8] {
        var program: UnsafeMutableRawPointer?
        try check(
            functions.createProgram(
                &program, format.source, "gc-bench-\(format.rawValue).cu", 0, nil, nil),
            "nvrtcCreateProgram")
        defer { _ = functions.destroyProgram(&program) }
        let options = format.options(architecture: architecture)
        let status = withCStrings(options) { pointers in
            functions.compile(program, Int32(options.count), pointers)
        }
        guard status == 0 else { throw failure(status, "nvrtcCompileProgram", log(of: program)) }
        var byteCount = 0
        try check(functions.binaryByteCount(program, &byteCount), "nvrtcGetCUBINSize")
        var image = [CChar](repeating: 0, count: byteCount)
        try check(functions.binary(program, &image), "nvrtcGetCUBIN")
        return image.map { UInt8(bitPattern: $0) }
    }

    private func log(of program: UnsafeMutableRawPointer?) -> String {
        var byteCount = 0
        guard functions.logByteCount(program, &byteCount) == 0, byteCount > 0 else { return "" }
        var text = [CChar](repeating: 0, count: byteCount)
        guard functions.log(program, &text) == 0 else { return "" }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func check(_ status: Int32, _ call: String) throws(CUDAFailure) {
        if status != 0 { throw failure(status, call, "") }
    }

    private func failure(_ status: Int32, _ call: String, _ log: String) -> CUDAFailure {
        let name = functions.errorText(status).map { String(cString: $0) } ?? "status \(status)"
        return CUDAFailure(
            library: "NVRTC", action: "compile our kernels for \(architecture) (\(call))",
            status: log.isEmpty ? name : "\(name)\n\(log)")
    }

    private func withCStrings<Result>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let copies = strings.map { $0.utf8CString.withUnsafeBufferPointer(Self.copy) }
        defer { for copy in copies { copy.deallocate() } }
        return copies.map { UnsafePointer($0.baseAddress) }
            .withUnsafeBufferPointer { body($0.baseAddress) }
    }

    private static func copy(_ text: UnsafeBufferPointer<CChar>) -> UnsafeMutableBufferPointer<
        CChar
    > {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: text.count)
        _ = copy.initialize(from: text)
        return copy
    }
}

/// A 128-bit FNV-1a hash: tells texts apart that nobody makes alike on purpose.
private struct Fingerprint {
    let text: String

    init(of content: String) {
        let prime: UInt128 = 0x0000_0000_0100_0000_0000_0000_0000_013b
        var hash: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
        for byte in content.utf8 { hash = (hash ^ UInt128(byte)) &* prime }
        let digits = String(hash, radix: 16)
        text = String(repeating: "0", count: 32 - digits.count) + digits
    }
}

public import CCUDA

/// The libraries that compute on a GPU, opened and ready to be called.
///
/// `@unchecked Sendable`: tables of functions that never change once they are made.
public struct CUDALibraries: @unchecked Sendable {
    let driver: gcb_cuda_driver
    let compiler: gcb_nvrtc
    /// nil to use our own loops, which are slow: for tests.
    let cublas: gcb_cublas?
    /// nil to use our own loops, which are slow: for tests.
    let cudnn: gcb_cudnn?

    /// Tables that somebody else has filled.
    public init(
        driver: gcb_cuda_driver, compiler: gcb_nvrtc, cublas: gcb_cublas?, cudnn: gcb_cudnn?
    ) {
        self.driver = driver
        self.compiler = compiler
        self.cublas = cublas
        self.cudnn = cudnn
    }

    /// Names and versions, such as `["cudnn": "9.10.2"]`.
    public var versions: [String: String] {
        var versions: [String: String] = [:]
        var (major, minor) = (Int32(0), Int32(0))
        if driver.driverVersion(&major) == 0 {
            versions["cuda_driver"] = "\(major / 1000).\(major % 1000 / 10)"
        }
        if compiler.version(&major, &minor) == 0 { versions["nvrtc"] = "\(major).\(minor)" }
        if let cublas {
            let number = cublas.version()
            versions["cublas"] = "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
        }
        if let cudnn {
            let number = cudnn.version()
            versions["cudnn"] = "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
        }
        return versions
    }

    // MARK: - Calls

    /// Throws where the driver says anything but success.
    func check(
        _ status: Int32, _ call: String, _ action: @autoclosure () -> String
    ) throws(CUDAFailure) {
        guard status != 0 else { return }
        var (name, text): (UnsafePointer<CChar>?, UnsafePointer<CChar>?)
        _ = driver.errorName(status, &name)
        _ = driver.errorText(status, &text)
        let words = [name, text].compactMap { $0.map { String(cString: $0) } }
        throw CUDAFailure(
            library: "the CUDA driver", action: "\(action()) (\(call))",
            status: (words.isEmpty ? "status \(status)" : words.joined(separator: ", "))
                + advice(forDriverStatus: status))
    }

    /// Throws where cuBLASLt says anything but success.
    func check(
        _ status: Int32, of cublas: gcb_cublas, _ call: String,
        _ action: @autoclosure () -> String
    ) throws(CUDAFailure) {
        guard status != 0 else { return }
        let text = cublas.errorText(status).map { String(cString: $0) }
        throw CUDAFailure(
            library: "cuBLASLt", action: "\(action()) (\(call))",
            status: text ?? "status \(status)")
    }

    /// Throws where cuDNN says anything but success.
    func check(
        _ status: Int32, of cudnn: gcb_cudnn, _ call: String, _ action: @autoclosure () -> String
    ) throws(CUDAFailure) {
        guard status != 0 else { return }
        let name = cudnn.errorText(status).map { String(cString: $0) } ?? "status \(status)"
        var text = [CChar](repeating: 0, count: 1024)
        cudnn.lastErrorText(&text, text.count)
        let details = String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw CUDAFailure(
            library: "cuDNN", action: "\(action()) (\(call))",
            status: details.isEmpty ? name : "\(name), \(details)")
    }
}

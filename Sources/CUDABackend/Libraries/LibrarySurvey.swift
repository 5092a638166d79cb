import CCUDA
import Foundation
public import Graphs

/// What was found of CUDA on this machine, and what is missing.
public struct LibrarySurvey: Sendable {
    public struct Finding: Sendable {
        public let name: String
        /// Where it lies and its version, or why it cannot be used and what to do.
        public let text: String
        public let isFine: Bool
    }

    public let findings: [Finding]
    /// nil unless everything was found.
    public let libraries: CUDALibraries?
    private let compiler: gcb_nvrtc?

    /// Opens what there is; each library once per process is enough, since the system counts.
    public init(_ search: LibrarySearch = .current()) {
        var findings: [Finding] = []
        func found<Table>(
            _ library: CUDALibrary,
            _ load: (UnsafeMutableRawPointer, UnsafeMutablePointer<Table>) -> UnsafePointer<CChar>?
        ) -> Table? {
            do throws(CUDAFailure) {
                let (table, path): (Table, String) = try Self.open(library, search, load)
                findings.append(Finding(name: library.rawValue, text: path, isFine: true))
                return table
            } catch {
                findings.append(
                    Finding(
                        name: library.rawValue,
                        text: "\(error.status); \(library.installation)", isFine: false))
                return nil
            }
        }
        // The compiler and cuBLASLt first: cuDNN finds them where they are open already.
        let driver = found(.driver, gcb_load_cuda_driver)
        let compiler = found(.compiler, gcb_load_nvrtc)
        self.compiler = compiler
        let cublas = found(.cublas, gcb_load_cublas)
        let cudnn = found(.cudnn, gcb_load_cudnn)
        if let driver, let compiler, let cublas, let cudnn {
            let libraries = CUDALibraries(
                driver: driver, compiler: compiler, cublas: cublas, cudnn: cudnn)
            self.libraries = libraries
            let versions = libraries.versions
            findings = findings.map { finding in
                let version = versions[finding.name].map { "\($0), " } ?? ""
                return Finding(name: finding.name, text: version + finding.text, isFine: true)
            }
        } else {
            libraries = nil
        }
        self.findings = findings
    }

    /// The libraries, or a message with everything that is missing.
    public func required() throws(BackendError) -> CUDALibraries {
        if let libraries { return libraries }
        let missing = findings.filter { !$0.isFine }.map { "\($0.name): \($0.text)" }
        throw BackendError(
            library: "the cuda backend", action: "start", status: missing.joined(separator: "; "))
    }

    /// Bytes of machine code of all our kernels for an architecture such as `sm_90`; needs no GPU.
    package func compiledByteCount(architecture: String) throws(BackendError) -> Int {
        guard let compiler else {
            throw BackendError(
                library: "NVRTC", action: "compile our kernels",
                status: "not found; \(CUDALibrary.compiler.installation)")
        }
        let kernels = KernelCompiler(functions: compiler, architecture: architecture)
        var byteCount = 0
        do throws(CUDAFailure) {
            for format in KernelFormat.allCases { byteCount += try kernels.image(format).count }
        } catch { throw error.backendError(scope: "") }
        return byteCount
    }

    // MARK: - Opening

    private static func open<Table>(
        _ library: CUDALibrary, _ search: LibrarySearch,
        _ load: (UnsafeMutableRawPointer, UnsafeMutablePointer<Table>) -> UnsafePointer<CChar>?
    ) throws(CUDAFailure) -> (Table, String) {
        var problem = "not found"
        for path in search.candidates(of: library) {
            openCompanions(of: path)
            guard let handle = dlopen(path, RTLD_NOW | RTLD_GLOBAL) else {
                if path.contains("/") { problem = dlerror().map { String(cString: $0) } ?? problem }
                continue
            }
            let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
            defer { table.deallocate() }
            if let missing = load(handle, table) {
                problem = "\(path) is too old: it has no \(String(cString: missing))"
                continue
            }
            return (table.pointee, path)
        }
        throw CUDAFailure(library: library.rawValue, action: "open", status: problem)
    }

    /// NVRTC and cuDNN open parts of themselves by bare names, which the system finds only once
    /// they are open. Those that cannot be opened here are the library's to complain about.
    private static func openCompanions(of path: String) {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard path.contains("/") else { return }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let isCompanion: (String) -> Bool
        if path.contains("libcudnn.so") {
            isCompanion = { $0.hasPrefix("libcudnn_") && $0.hasSuffix(".so.9") }
        } else if path.contains("libnvrtc.so") {
            isCompanion = { $0.hasPrefix("libnvrtc-builtins.so") }
        } else {
            return
        }
        // Lazily and without order: what one of them needs of another is found on a second round.
        for _ in 0..<2 {
            for name in names.filter(isCompanion).sorted() {
                _ = dlopen("\(folder)/\(name)", RTLD_LAZY | RTLD_GLOBAL)
            }
        }
    }
}

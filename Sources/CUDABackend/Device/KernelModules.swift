import CCUDA
import CUDAKernels
import Foundation

/// The format for which a kernel's text is compiled.
enum KernelFormat: String, CaseIterable {
    /// Kernels that have one format.
    case none
    case float32
    case bfloat16

    /// Channels that a thread takes at a time where their number allows: sixteen bytes.
    var width: Int { self == .bfloat16 ? 8 : 4 }

    /// The text that NVRTC compiles.
    var source: String {
        let texts = gcb_cuda_source_texts
        let files: [UnsafePointer<CChar>?] =
            switch self {
            case .none:
                [
                    texts.movement, texts.statistics, texts.standardization, texts.covariance,
                    texts.masks, texts.losses, texts.updates,
                ]
            case .float32, .bfloat16:
                [
                    texts.elementwise, texts.channels, texts.normalization, texts.pooling,
                    texts.convolution,
                ]
            }
        let activation =
            switch self {
            case .none: ""
            case .float32: "typedef float activation;\n#define GCB_WIDTH \(width)\n"
            case .bfloat16: "typedef bfloat16 activation;\n#define GCB_WIDTH \(width)\n"
            }
        func text(_ file: UnsafePointer<CChar>?) -> String {
            file.map { String(cString: $0) } ?? ""
        }
        return text(texts.arguments) + text(texts.portable) + text(texts.dropout) + activation
            + files.map(text).joined(separator: "\n")
    }

    func options(architecture: String) -> [String] {
        let format =
            switch self {
            case .none: "-DGCB_OF_ANY"
            case .float32: "-DGCB_OF_FLOAT32"
            case .bfloat16: "-DGCB_OF_BFLOAT16"
            }
        // Exact divisions and roots, numbers near zero kept, products and sums fused: NVRTC's
        // defaults, said here because results depend on them.
        return [
            "--gpu-architecture=\(architecture)", "--std=c++17", "--prec-div=true",
            "--prec-sqrt=true", "--ftz=false", "--fmad=true", format,
        ]
    }
}

/// Our own kernels, compiled for one GPU when the first of a format is asked for.
///
/// A class because it owns what was loaded.
final class KernelModules {
    private let libraries: CUDALibraries
    private let architecture: String
    private let cache: KernelCache?
    private var modules: [KernelFormat: UnsafeMutableRawPointer] = [:]

    init(_ libraries: CUDALibraries, architecture: String, cacheFolder: String?) {
        self.libraries = libraries
        self.architecture = architecture
        cache = cacheFolder.map(KernelCache.init)
    }

    /// Called once, by the device before it goes.
    func unload() {
        for module in modules.values { _ = libraries.driver.unloadModule(module) }
        modules = [:]
    }

    func function(_ name: String, _ format: KernelFormat) throws(CUDAFailure)
        -> UnsafeMutableRawPointer
    {
        let module = try module(format)
        var function: UnsafeMutableRawPointer?
        try libraries.check(
            libraries.driver.moduleFunction(&function, module, name), "cuModuleGetFunction",
            "find the kernel \(name)")
        guard let function else {
            throw CUDAFailure(
                library: "the CUDA driver", action: "find the kernel \(name)",
                status: "it returned none")
        }
        return function
    }

    private func module(_ format: KernelFormat) throws(CUDAFailure) -> UnsafeMutableRawPointer {
        if let module = modules[format] { return module }
        let compiler = KernelCompiler(functions: libraries.compiler, architecture: architecture)
        let module: UnsafeMutableRawPointer
        let key = cache.map { _ in compiler.key(format) } ?? ""
        if let image = cache?.image(key), let loaded = try? load(image) {
            module = loaded
        } else {
            let image = try compiler.image(format)
            module = try load(image)
            cache?.keep(image, as: key)
        }
        modules[format] = module
        return module
    }

    private func load(_ image: [UInt8]) throws(CUDAFailure) -> UnsafeMutableRawPointer {
        var module: UnsafeMutableRawPointer?
        let status = image.withUnsafeBytes { bytes in
            libraries.driver.loadModule(&module, bytes.baseAddress)
        }
        try libraries.check(status, "cuModuleLoadData", "load our kernels")
        guard let module else {
            throw CUDAFailure(
                library: "the CUDA driver", action: "load our kernels", status: "it returned none")
        }
        return module
    }
}

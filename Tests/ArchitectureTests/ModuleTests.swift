import Foundation
import RegexBuilder
import Testing

@Suite("The architecture")
struct ModuleTests {
    /// The order of the design: a module may use only modules that stand before it.
    private static let order = [
        "COneDNN", "COpenBLAS", "CJPEG", "CPNG", "CKernels", "CPhotos", "CAllocationCounter",
        "CCUDA", "CUDAKernels", "CUDAEmulator", "EmulatedCUDA", "Pickles", "Tensors", "Graphs",
        "ReferenceBackend", "CPUBackend", "CUDABackend", "Models", "Optimizers", "Datasets", "Metrics",
        "Specifications", "Checkpoints", "Weights", "Training", "Records", "Scheduling",
        "Publications",
        "Reports",
        "gc-bench-worker", "gc-bench",
    ]

    /// The modules that load compute libraries, and who may name them.
    private static let backends: Set = ["ReferenceBackend", "CPUBackend", "CUDABackend"]

    /// What tests share, and what runs them elsewhere.
    private static let supports: Set = ["ConformanceCases", "gpu-check"]

    /// What each module of the manifest's table depends on.
    private static func modules() throws -> [String: [String]] {
        // Asking the package manager would wait for the lock that the test runner holds.
        let manifest = try Project.text("Package.swift")
        let start = /(?:module|Target|systemLibrary|\.target)\(\s*(?:name: )?/
        let entry = Regex {
            start
            "\""
            Capture(/[^"]+/)
            "\""
            Capture(/[^\])]*/)
        }
        return manifest.matches(of: entry).reduce(into: [:]) { modules, match in
            let names = match.output.2.matches(of: /"([A-Za-z-]+)"/).map { String($0.output.1) }
            modules[String(match.output.1), default: []] += names
        }
    }

    @Test("Every module uses only modules that stand before it")
    func order() throws {
        let modules = try Self.modules()
        #expect(modules.count > 15, "the manifest is read: \(modules.keys.sorted())")
        let places = Dictionary(uniqueKeysWithValues: Self.order.enumerated().map { ($1, $0) })
        for (module, dependencies) in modules where !Self.supports.contains(module) {
            let place = try #require(places[module], "\(module) has no place in the design")
            for dependency in dependencies where modules[dependency] != nil {
                let other = try #require(places[dependency])
                #expect(other < place, "\(module) must not use \(dependency)")
            }
        }
    }

    @Test("Only the worker and the tests name backends, so the runner loads no compute library")
    func backends() throws {
        for (module, dependencies) in try Self.modules() {
            let named = Self.backends.intersection(dependencies)
            #expect(named.isEmpty || ["gc-bench-worker", "gpu-check"].contains(module), "\(module) names \(named)")
        }
    }

    @Test("Unsafe pointers and C imports stay in backends, decoders, kernels and the arena")
    func unsafeCode() throws {
        let allowed = [
            "ReferenceBackend/", "CPUBackend/", "CUDABackend/", "Graphs/Execution/", "Datasets/", "Tensors/",
            "Records/", "Training/Benchmarks/", "Training/Jobs/", "gc-bench-worker/",
        ]
        for file in try Project.files(below: "Sources", ending: ".swift") {
            let text = try String(contentsOf: file.url, encoding: .utf8)
            let isUnsafe = text.contains("Unsafe") || text.contains(/\nimport C[A-Z]/)
            let path = String(file.path.dropFirst("Sources/".count))
            #expect(
                !isUnsafe || allowed.contains(where: path.hasPrefix), "\(file.path) is unsafe")
        }
    }

    @Test("No shortcut that ends the program: fatalError, try!, as!")
    func shortcuts() throws {
        for file in try Project.files(below: "Sources", ending: ".swift") {
            let text = try String(contentsOf: file.url, encoding: .utf8)
            for shortcut in ["fatalError(", "try!", "as!", "TODO", "FIXME"] {
                #expect(!text.contains(shortcut), "\(file.path) has \(shortcut)")
            }
        }
    }
}

import Foundation
import Testing

/// The manifest as `swift package dump-package` tells it.
private struct Manifest: Decodable {
    struct Target: Decodable {
        let name: String
        let type: String
        let dependencies: [Dependency]
    }

    struct Dependency: Decodable {
        /// `["Tensors", null]` or `["Yams", "Yams", null, null]`: the name comes first.
        let byName: [String?]?
        let product: [Element]?
        let target: [String?]?

        /// Names mixed with things that do not matter here.
        enum Element: Decodable {
            case text(String)
            case other

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                self = (try? container.decode(String.self)).map(Element.text) ?? .other
            }
        }

        var name: String? {
            if let name = byName?.first ?? target?.first { return name }
            if case .text(let name)? = product?.first { return name }
            return nil
        }
    }

    let targets: [Target]
}

@Suite("The architecture")
struct ModuleTests {
    /// The order of the design: a module may use only modules that stand before it.
    private static let order = [
        "COneDNN", "COpenBLAS", "CKernels", "CAllocationCounter", "Tensors", "Graphs",
        "ReferenceBackend", "CPUBackend", "Models", "Optimizers", "Datasets", "Metrics",
        "Specifications", "Training", "Records", "Scheduling", "Publications", "Reports",
        "gc-bench-worker", "gc-bench",
    ]

    /// The modules that load compute libraries, and who may name them.
    private static let backends: Set = ["ReferenceBackend", "CPUBackend"]

    private static func modules() throws -> [String: [String]] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "swift", "package", "--package-path", Project.root.path, "dump-package",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let manifest = try JSONDecoder().decode(Manifest.self, from: data)
        return Dictionary(
            uniqueKeysWithValues: manifest.targets.filter { $0.type != "test" }
                .map { ($0.name, $0.dependencies.compactMap(\.name)) })
    }

    @Test("Every module uses only modules that stand before it")
    func order() throws {
        let modules = try Self.modules()
        let places = Dictionary(uniqueKeysWithValues: Self.order.enumerated().map { ($1, $0) })
        for (module, dependencies) in modules where module != "ConformanceCases" {
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
            #expect(named.isEmpty || module == "gc-bench-worker", "\(module) names \(named)")
        }
    }

    @Test("Unsafe pointers and C imports stay in backends, decoders, kernels and the arena")
    func unsafeCode() throws {
        let allowed = [
            "ReferenceBackend/", "CPUBackend/", "Graphs/Execution/", "Datasets/", "Tensors/",
            "Records/", "Training/Jobs/", "gc-bench-worker/",
        ]
        for file in try Project.files(below: "Sources", ending: ".swift") {
            let text = try String(contentsOf: file.url, encoding: .utf8)
            let isUnsafe = text.contains("Unsafe") || text.contains("\nimport C")
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

public import Foundation

/// The folders in which CUDA's libraries are looked for, in order.
public struct LibrarySearch: Sendable {
    /// Folders that somebody named, with everything below them as wheels lay it out.
    private let roots: [String]
    private let systemFolders: [String]

    /// - Parameters:
    ///   - path: `GCBENCH_CUDA_PATH`: folders of libraries, of a toolkit or of `site-packages`,
    ///     separated by colons.
    ///   - executablePath: `PATH`, for the Python installations on it.
    public init(path: String?, executablePath: String?, systemFolders: [String] = Self.usual) {
        let named = Self.split(path)
        let installations = Self.split(executablePath).map { folder in
            URL(fileURLWithPath: folder).deletingLastPathComponent().path
        }
        roots = named + installations.flatMap(Self.sitePackages)
        self.systemFolders = systemFolders
    }

    /// What this process was given.
    public static func current(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> LibrarySearch {
        LibrarySearch(path: environment["GCBENCH_CUDA_PATH"], executablePath: environment["PATH"])
    }

    public static let usual = [
        "/usr/local/cuda/lib64", "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/usr/lib64", "/usr/lib/wsl/lib", "/usr/local/nvidia/lib64", "/opt/cuda/lib64",
    ]

    private static func split(_ list: String?) -> [String] {
        (list ?? "").split(separator: ":").map(String.init)
    }

    /// `lib/python3.*/site-packages` and Debian's `dist-packages` of an installation.
    private static func sitePackages(of prefix: String) -> [String] {
        let libraries = "\(prefix)/lib"
        let pythons = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
        return pythons.filter { $0.hasPrefix("python3") }.sorted().reversed().flatMap { python in
            ["site-packages", "dist-packages"].map { "\(libraries)/\(python)/\($0)" }
        }
    }

    /// Where `library` may lie; bare names, for the system's own search, last.
    func candidates(of library: CUDALibrary) -> [String] {
        let folders = roots.flatMap { root in
            [root, "\(root)/lib", "\(root)/lib64"]
                + (library.wheelFolder.map { ["\(root)/nvidia/\($0)/lib", "\(root)/\($0)/lib"] }
                    ?? [])
                + ["\(root)/nvidia/cu12/lib", "\(root)/nvidia/cu13/lib"]
        }
        let files = (folders + systemFolders).flatMap { folder in
            library.fileNames.map { "\(folder)/\($0)" }
        }
        return files.filter { FileManager.default.fileExists(atPath: $0) } + library.fileNames
    }
}

import CUDABackend
import Foundation
import Graphs
import Testing

/// Needs no GPU, but the libraries: `GCBENCH_CUDA_PATH` names the `site-packages` of wheels
/// `nvidia-cuda-nvrtc-cu12`, `nvidia-cublas-cu12` and `nvidia-cudnn-cu12`.
@Suite("CUDA's own libraries")
struct RealLibraryTests {
    private static let path = ProcessInfo.processInfo.environment["GCBENCH_CUDA_PATH"]

    private var survey: LibrarySurvey {
        LibrarySurvey(LibrarySearch(path: Self.path, executablePath: nil, systemFolders: []))
    }

    @Test(
        "They have every function that is called",
        .enabled(if: path != nil, "GCBENCH_CUDA_PATH is not set"))
    func symbols() {
        for finding in survey.findings where finding.name != "cuda_driver" {
            #expect(finding.isFine, "\(finding.name): \(finding.text)")
        }
    }

    @Test(
        "NVRTC compiles every kernel",
        .enabled(if: path != nil, "GCBENCH_CUDA_PATH is not set"),
        arguments: ["sm_80", "sm_90", "sm_100"])
    func compilation(architecture: String) throws {
        #expect(try survey.compiledByteCount(architecture: architecture) > 100_000)
    }
}

@Suite("Looking for CUDA's libraries")
struct LibrarySearchTests {
    @Test("What is missing is said with the command that installs it")
    func missing() {
        let survey = LibrarySurvey(
            LibrarySearch(path: "/nonexistent", executablePath: nil, systemFolders: []))
        guard survey.libraries == nil else { return }
        let texts = Dictionary(
            survey.findings.filter { !$0.isFine }.map { ($0.name, $0.text) }
        ) { first, _ in first }
        #expect(!texts.isEmpty)
        let commands = [
            "cuda_driver": "install NVIDIA's driver for this system",
            "nvrtc": "pip install nvidia-cuda-nvrtc-cu12",
            "cublas": "pip install nvidia-cublas-cu12", "cudnn": "pip install nvidia-cudnn-cu12",
        ]
        for (name, text) in texts {
            #expect(text.hasSuffix(commands[name] ?? "?"), "\(text)")
        }
        let message = #expect(throws: BackendError.self) { try survey.required() }?.description
        #expect(message?.hasPrefix("the cuda backend could not start: ") == true)
    }

    /// A file that is no library, and one that is but has none of the functions.
    @Test("Files that are no libraries, and libraries that are too old, are told apart")
    func unusable() throws {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gpu-libraries-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("no library".utf8).write(to: folder.appendingPathComponent("libcudnn.so.9"))
        let survey = LibrarySurvey(
            LibrarySearch(path: folder.path, executablePath: nil, systemFolders: []))
        let cudnn = try #require(survey.findings.first { $0.name == "cudnn" })
        guard !cudnn.isFine else { return }
        #expect(cudnn.text.contains("libcudnn.so.9"), "\(cudnn.text)")
        #expect(cudnn.text.hasSuffix("pip install nvidia-cudnn-cu12"))
    }
}

import Foundation
import Testing

/// The whole program on a GPU that is none: CUDA's libraries are the emulator's, opened by their
/// names, and our own kernels run as they are.
@Suite("Runs on an emulated GPU", .serialized)
struct EmulatedGPUTests {
    /// One job of four steps and two evaluations, on a network as small as there is.
    private static let spec = """
        table: tiny
        dataset: {name: shapes, train: 16, test: 4}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 5e-4}
        gc: gc
        epochs: 2
        batch_size: 8
        seeds: 1
        """

    /// A folder with the spec and CUDA's libraries.
    private func folder() throws -> Program.Folder {
        let folder = try Program.Folder()
        _ = try folder.write(Self.spec, to: "tiny.spec")
        let library = Program.executable.deletingLastPathComponent()
            .appendingPathComponent("libemulated-cuda.so")
        for name in ["libcuda.so.1", "libnvrtc.so.12", "libcublasLt.so.12", "libcudnn.so.9"] {
            try FileManager.default.createSymbolicLink(
                at: folder.url.appendingPathComponent(name), withDestinationURL: library)
        }
        return folder
    }

    /// Runs `gc-bench`, of which a function of CUDA may fail from some call on.
    private func run(_ arguments: String, in folder: Program.Folder, failing: String = "") throws
        -> Program.Answer
    {
        try Program.shell(
            "GCBENCH_CUDA_PATH=. GCB_EMULATED_FAILURE='\(failing)' XDG_CACHE_HOME=cache "
                + "'\(Program.executable.path)' \(arguments)", in: folder.url)
    }

    @Test("The doctor finds the GPU and the libraries, with their versions")
    func doctor() throws {
        let answer = try run("doctor", in: try folder())
        for part in ["Emulated GPU", "libcudnn.so.9", "12.9"] {
            #expect(answer.output.contains(part), "\(answer.output) \(answer.error)")
        }
    }

    /// Oracle: the same job without a failure. Two steps and an evaluation succeed; then the first
    /// step of the second epoch fails, behind the checkpoint of the first.
    @Test(
        "A GPU that fails ends the job with what to do, and the next run goes on where it was",
        arguments: [
            ("cuGraphLaunch:214:4", "the GPU's memory is damaged"),
            ("cuGraphLaunch:719:4", "the GPU gave this job up"),
        ])
    func failure(failing: String, message: String) throws {
        let (broken, undisturbed) = (try folder(), try folder())
        let command = "run tiny.spec --device cuda --checkpoint-every 0.01s"
        let failed = try run(command, in: broken, failing: failing)
        #expect(failed.code == 1, "\(failed.error)")
        #expect(failed.error.contains(message), "\(failed.error)")
        #expect(failed.error.contains("run the same command again"), "\(failed.error)")
        let second = try run(command, in: broken)
        #expect(second.code == 0 && second.error.contains("goes on from"), "\(second.error)")
        #expect(try run(command, in: undisturbed).code == 0)
        let tables = try [broken, undisturbed].map {
            try run("report --format csv", in: $0).output
        }
        #expect(tables[0] == tables[1] && tables[0].contains("gc"))
    }

    @Test("Too little memory is said before anything is trained, with what to do")
    func outOfMemory() throws {
        let answer = try run(
            "run tiny.spec --device cuda", in: try folder(), failing: "cuMemAlloc_v2:2:1")
        #expect(answer.code == 1)
        #expect(answer.error.contains("use a smaller batch_size"), "\(answer.error)")
    }
}

import CCUDA
import CUDABackend
import CUDAEmulator
import ConformanceCases
import Graphs
import Testing

@Suite("What becomes of a GPU that fails")
struct FailureTests {
    private static let network = ConformanceCase.networks[0]

    /// The message of a training on a GPU of which one function fails at some call.
    private func failure(of function: String, status: Int, call: Int32 = 1) -> String? {
        gcb_emulator_fail(function, Int32(status), call)
        defer { gcb_emulator_fail(nil, 0, 0) }
        return #expect(throws: BackendError.self) {
            _ = try Self.network.onGPU(.float32)
        }?.description
    }

    @Test("Too little memory is said with the size and what to do")
    func outOfMemory() throws {
        gcb_emulator_set_capacity(1 << 20)
        defer { gcb_emulator_set_capacity(8 << 30) }
        let message = #expect(throws: BackendError.self) {
            _ = try Self.network.onGPU(.float32)
        }?.description
        let text = try #require(message)
        #expect(text.hasPrefix("the CUDA driver could not allocate "))
        #expect(text.contains(" bytes (cuMemAlloc): CUDA_ERROR_OUT_OF_MEMORY"))
        #expect(text.hasSuffix("use a smaller batch_size, or end what else uses it"))
    }

    @Test("Damaged memory and lost launches say that the job goes on from its checkpoint")
    func lost() {
        let damaged = failure(of: "cuStreamSynchronize", status: GCB_CUDA_ECC_UNCORRECTABLE)
        #expect(damaged?.contains("CUDA_ERROR_ECC_UNCORRECTABLE") == true)
        #expect(damaged?.hasSuffix("then run the same command again") == true)
        let lost = failure(of: "cuGraphLaunch", status: GCB_CUDA_LAUNCH_FAILED, call: 2)
        #expect(lost?.contains("could not run a plan (cuGraphLaunch)") == true)
        #expect(lost?.hasSuffix("to go on from the last checkpoint") == true)
    }

    @Test("Without a GPU the message names what to look at")
    func noDevice() {
        let message = failure(of: "cuInit", status: GCB_CUDA_NO_DEVICE)
        #expect(
            message
                == "the CUDA driver could not start (cuInit): CUDA_ERROR_NO_DEVICE, "
                + "as the emulator was told; no GPU is visible: look at nvidia-smi and "
                + "CUDA_VISIBLE_DEVICES, or use --device cpu")
    }

    @Test("An index beyond the last GPU is refused")
    func index() {
        let message = #expect(throws: BackendError.self) {
            _ = try CUDABackend(EmulatedGPU.libraries, options: CUDAOptions(device: 3))
        }?.description
        #expect(message == "the CUDA driver could not use GPU 3: there are 1, counted from 0")
    }

    @Test("Kernels that do not compile show the compiler's words")
    func compilation() {
        let message = failure(of: "nvrtcCompileProgram", status: 6)
        #expect(message?.contains("NVRTC could not compile our kernels for sm_90") == true)
        #expect(message?.contains("kernels.cu(1): error") == true)
    }

    /// Every function that can fail, at its first call and in the middle of the work.
    @Test(
        "Whatever fails is an error with the function's name, and gives the memory back",
        arguments: [
            "cuInit", "cuDeviceGetCount", "cuDevicePrimaryCtxRetain", "cuMemAlloc_v2",
            "cuMemHostAlloc", "cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuMemsetD8Async",
            "cuStreamSynchronize", "cuStreamBeginCapture_v2", "cuStreamEndCapture",
            "cuGraphInstantiateWithFlags", "cuGraphLaunch", "cuModuleLoadData", "cuLaunchKernel",
            "cublasLtCreate", "cublasLtMatmul", "cudnnCreate", "cudnnBackendExecute",
        ], [1, 2] as [Int32])
    func everyCall(function: String, call: Int32) throws {
        let happensOnce: Set = [
            "cuInit", "cuDeviceGetCount", "cuDevicePrimaryCtxRetain", "cublasLtCreate",
            "cudnnCreate", "cuStreamBeginCapture_v2", "cuStreamEndCapture",
            "cuGraphInstantiateWithFlags", "cuModuleLoadData", "cuMemsetD8Async",
        ]
        if call > 1 && happensOnce.contains(function) { return }
        let before = gcb_emulator_allocated()
        let message = try #require(failure(of: function, status: 999, call: call))
        let plain = function.replacing("_v2", with: "").replacing("WithFlags", with: "")
        #expect(message.contains("(\(plain))"))
        #expect(gcb_emulator_allocated() == before)
    }
}

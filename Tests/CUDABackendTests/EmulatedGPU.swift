import CUDABackend
import CUDAEmulator
import ConformanceCases
import Graphs

/// The backend for GPUs on a device that is none: its own kernels run as C++, libraries as loops.
enum EmulatedGPU {
    static let libraries = CUDALibraries(
        driver: gcb_emulated_driver(), compiler: gcb_emulated_nvrtc(),
        cublas: gcb_emulated_cublas(), cudnn: gcb_emulated_cudnn())

    /// Without cuBLASLt and cuDNN our own loops do their work.
    static let alone = CUDALibraries(
        driver: gcb_emulated_driver(), compiler: gcb_emulated_nvrtc(), cublas: nil, cudnn: nil)
}

extension ConformanceCase {
    /// What the emulated GPU makes of the case.
    func onGPU(
        _ precision: Precision, _ libraries: CUDALibraries = EmulatedGPU.libraries,
        options: CUDAOptions = CUDAOptions()
    ) throws -> Outcome {
        try outcome(
            on: try CUDABackend(libraries, options: options), target: CUDATarget(),
            precision: precision)
    }
}

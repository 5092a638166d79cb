import CUDABackend
import CUDAEmulator
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

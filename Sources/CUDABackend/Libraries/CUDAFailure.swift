import CCUDA
import Graphs

/// A call of a CUDA library that did not succeed.
struct CUDAFailure: Error {
    let library: String
    /// What was being done, such as `allocate 1024 bytes (cuMemAlloc)`.
    let action: String
    /// What the library said, and what to do.
    let status: String

    func backendError(scope: String) -> BackendError {
        BackendError(library: library, action: action, status: status, scope: scope)
    }
}

/// What a user can do about a status of the driver; empty where nothing is known.
func advice(forDriverStatus status: Int32) -> String {
    switch Int(status) {
    case GCB_CUDA_OUT_OF_MEMORY:
        "; the GPU has not that much free memory: use a smaller batch_size, or end what else uses it"
    case GCB_CUDA_NO_DEVICE:
        "; no GPU is visible: look at nvidia-smi and CUDA_VISIBLE_DEVICES, or use --device cpu"
    case GCB_CUDA_DEVICE_UNAVAILABLE:
        "; another process has the GPU for itself: wait for it, or use another one"
    case GCB_CUDA_SYSTEM_NOT_READY, GCB_CUDA_SYSTEM_DRIVER_MISMATCH:
        "; the driver is not running or was updated: restart the machine or its driver"
    case GCB_CUDA_ECC_UNCORRECTABLE, GCB_CUDA_NVLINK_UNCORRECTABLE,
        GCB_CUDA_CONTAINED:
        "; the GPU's memory is damaged: what it computed since the last checkpoint is lost; reset it,"
            + " then run the same command again"
    case GCB_CUDA_ILLEGAL_ADDRESS, GCB_CUDA_LAUNCH_TIMEOUT,
        GCB_CUDA_HARDWARE_STACK_ERROR, GCB_CUDA_ILLEGAL_INSTRUCTION,
        GCB_CUDA_MISALIGNED_ADDRESS, GCB_CUDA_INVALID_PROGRAM_COUNTER,
        GCB_CUDA_LAUNCH_FAILED:
        "; the GPU gave this job up: run the same command again to go on from the last checkpoint"
    default: ""
    }
}

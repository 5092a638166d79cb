/// A library that the backend opens when it starts.
enum CUDALibrary: String, CaseIterable {
    case driver = "cuda_driver"
    case compiler = "nvrtc"
    case cublas
    case cudnn

    /// The file that has the functions; CUDA 12 and 13 have the same ones.
    var fileNames: [String] {
        switch self {
        case .driver: ["libcuda.so.1"]
        case .compiler: ["libnvrtc.so.12", "libnvrtc.so.13"]
        case .cublas: ["libcublasLt.so.12", "libcublasLt.so.13"]
        case .cudnn: ["libcudnn.so.9"]
        }
    }

    /// The folder in `site-packages/nvidia` where wheels put it; nil for the driver, which is a
    /// part of the system.
    var wheelFolder: String? {
        switch self {
        case .driver: nil
        case .compiler: "cuda_nvrtc"
        case .cublas: "cublas"
        case .cudnn: "cudnn"
        }
    }

    /// What to do where it is missing.
    var installation: String {
        switch self {
        case .driver: "install NVIDIA's driver for this system"
        case .compiler: "pip install nvidia-cuda-nvrtc-cu12"
        case .cublas: "pip install nvidia-cublas-cu12"
        case .cudnn: "pip install nvidia-cudnn-cu12"
        }
    }
}

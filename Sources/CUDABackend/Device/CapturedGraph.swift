import CCUDA

/// A whole plan as one thing to launch.
///
/// A class because it owns what the driver made; it keeps the kernels, whose plans it uses.
public final class CapturedGraph {
    private let device: CUDADevice
    private let kernels: [CUDAKernel]
    private var graph: UnsafeMutableRawPointer?
    private var executable: UnsafeMutableRawPointer?

    init(_ kernels: [CUDAKernel], on device: CUDADevice) throws(CUDAFailure) {
        self.device = device
        self.kernels = kernels
        let (libraries, driver) = (device.libraries, device.driver)
        // Relaxed: libraries may ask the driver for things on the way.
        try libraries.check(
            driver.beginCapture(device.stream, Int32(GCB_CUDA_CAPTURE_RELAXED)),
            "cuStreamBeginCapture", "record a plan")
        do throws(CUDAFailure) { for kernel in kernels { try kernel.run() } } catch {
            // A stream that still records would refuse everything that follows.
            _ = driver.endCapture(device.stream, &graph)
            throw error
        }
        try libraries.check(
            driver.endCapture(device.stream, &graph), "cuStreamEndCapture", "record a plan")
        try libraries.check(
            driver.instantiateGraph(&executable, graph, 0), "cuGraphInstantiate", "record a plan")
    }

    deinit {
        _ = device.driver.synchronizeStream(device.stream)
        if executable != nil { _ = device.driver.destroyExecutable(executable) }
        if graph != nil { _ = device.driver.destroyGraph(graph) }
    }

    func launch() throws(CUDAFailure) {
        try device.libraries.check(
            device.driver.launchGraph(executable, device.stream), "cuGraphLaunch", "run a plan")
    }
}

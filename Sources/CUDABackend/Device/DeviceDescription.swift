import CCUDA
public import Graphs

/// A GPU, without taking it.
public struct DeviceDescription: Hashable, Sendable {
    public let name: String
    public let memoryByteCount: Int
    /// What other programs leave.
    public let freeByteCount: Int
}

extension CUDALibraries {
    /// The GPUs that the driver shows this process.
    public func devices() throws(BackendError) -> [DeviceDescription] {
        do throws(CUDAFailure) {
            try check(driver.initialize(0), "cuInit", "start")
            var count = Int32(0)
            try check(driver.deviceCount(&count), "cuDeviceGetCount", "count the GPUs")
            var devices: [DeviceDescription] = []
            for ordinal in 0..<count { devices.append(try description(of: ordinal)) }
            return devices
        } catch { throw error.backendError(scope: "") }
    }

    private func description(of ordinal: Int32) throws(CUDAFailure) -> DeviceDescription {
        var device = Int32(0)
        try check(driver.deviceGet(&device, ordinal), "cuDeviceGet", "look at GPU \(ordinal)")
        var context: UnsafeMutableRawPointer?
        try check(
            driver.retainContext(&context, device), "cuDevicePrimaryCtxRetain",
            "look at GPU \(ordinal)")
        defer { _ = driver.releaseContext(device) }
        try check(driver.setContext(context), "cuCtxSetCurrent", "look at GPU \(ordinal)")
        var (free, total) = (0, 0)
        try check(driver.memoryInformation(&free, &total), "cuMemGetInfo", "ask for memory")
        return DeviceDescription(
            name: CUDADevice.name(of: device, self), memoryByteCount: total, freeByteCount: free)
    }
}

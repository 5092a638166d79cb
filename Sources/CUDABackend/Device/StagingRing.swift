import CCUDA

/// Pinned memory through which bytes pass between host and device: while one slot is on its way,
/// the next is filled.
///
/// A class because it owns the memory and remembers whose turn it is.
final class StagingRing {
    private struct Slot {
        let memory: UnsafeMutableRawPointer
        /// Reached when the slot's last copy has been made.
        let event: UnsafeMutableRawPointer
    }

    private let device: CUDADevice
    private var slots: [Slot] = []
    private var turn = 0

    private static let slotCount = 4
    private static let slotByteCount = 4 << 20

    init(on device: CUDADevice) throws(CUDAFailure) {
        self.device = device
        for _ in 0..<Self.slotCount { slots.append(try Self.makeSlot(on: device)) }
    }

    private static func makeSlot(on device: CUDADevice) throws(CUDAFailure) -> Slot {
        let (libraries, driver) = (device.libraries, device.driver)
        var (memory, event): (UnsafeMutableRawPointer?, UnsafeMutableRawPointer?)
        try libraries.check(
            driver.allocateHost(&memory, slotByteCount, 0), "cuMemHostAlloc",
            "pin \(slotByteCount) bytes of the machine's memory")
        try libraries.check(
            driver.createEvent(&event, UInt32(GCB_CUDA_EVENT_DISABLE_TIMING)),
            "cuEventCreate", "make an event")
        guard let memory, let event else {
            throw CUDAFailure(
                library: "the CUDA driver", action: "pin memory", status: "it returned none")
        }
        return Slot(memory: memory, event: event)
    }

    deinit {
        _ = device.driver.synchronizeStream(device.stream)
        for slot in slots {
            _ = device.driver.destroyEvent(slot.event)
            _ = device.driver.releaseHost(slot.memory)
        }
    }

    /// Returns when `bytes` may change; the device may still be copying.
    func upload(_ bytes: UnsafeRawBufferPointer, to address: gcb_device_address)
        throws(CUDAFailure)
    {
        var done = 0
        while done < bytes.count {
            let count = min(Self.slotByteCount, bytes.count - done)
            let slot = try nextSlot()
            slot.memory.copyMemory(
                from: UnsafeRawBufferPointer(rebasing: bytes[done..<done + count])
                    .baseAddress ?? UnsafeRawPointer(slot.memory), byteCount: count)
            let driver = device.driver
            try device.libraries.check(
                driver.copyToDevice(
                    address + gcb_device_address(done), slot.memory, count, device.stream),
                "cuMemcpyHtoDAsync", "upload \(count) bytes")
            try device.libraries.check(
                driver.recordEvent(slot.event, device.stream), "cuEventRecord",
                "mark an upload")
            done += count
        }
    }

    /// Returns when `bytes` are there, and so when everything before has finished.
    func download(_ bytes: UnsafeMutableRawBufferPointer, from address: gcb_device_address)
        throws(CUDAFailure)
    {
        var done = 0
        while done < bytes.count {
            let count = min(Self.slotByteCount, bytes.count - done)
            let slot = try nextSlot()
            try device.libraries.check(
                device.driver.copyToHost(
                    slot.memory, address + gcb_device_address(done), count, device.stream),
                "cuMemcpyDtoHAsync", "download \(count) bytes")
            try device.synchronize()
            UnsafeMutableRawBufferPointer(rebasing: bytes[done..<done + count]).copyMemory(
                from: UnsafeRawBufferPointer(start: slot.memory, count: count))
            done += count
        }
    }

    /// A slot that nobody reads any more.
    private func nextSlot() throws(CUDAFailure) -> Slot {
        let slot = slots[turn]
        turn = (turn + 1) % slots.count
        try device.libraries.check(
            device.driver.synchronizeEvent(slot.event), "cuEventSynchronize", "wait for an upload")
        return slot
    }
}

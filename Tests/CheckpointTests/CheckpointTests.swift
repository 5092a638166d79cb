import Checkpoints
import Foundation
import Tensors
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    private func checkpoint(_ step: Int) -> Checkpoint {
        Checkpoint(
            job: "job", step: step, engine: "reference, 1 thread",
            progress: #"{"epoch":\#(step)}"#,
            tensors: [
                "weight": HostTensor((0..<50).map { Double($0 * step) }, shape: [5, 10]),
                "bias": HostTensor([Float(step), .nan], shape: [2]),
            ])
    }

    @Test("A checkpoint comes back bit for bit, NaN included")
    func roundTrip() throws {
        let original = checkpoint(7)
        let read = try Checkpoint(decoding: original.encoded())
        #expect(read.encoded() == original.encoded())
        #expect(read.step == 7 && read.job == "job" && read.tensors.count == 2)
    }

    @Test("No flipped bit and no cut goes unnoticed")
    func damage() {
        let whole = checkpoint(3).encoded()
        for bit in stride(from: 0, to: whole.count * 8, by: 3) {
            var file = whole
            file[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect((try? Checkpoint(decoding: file)) == nil, "bit \(bit)")
        }
        for count in stride(from: 0, to: whole.count, by: 5) {
            #expect((try? Checkpoint(decoding: whole.prefix(count))) == nil, "\(count) bytes")
        }
    }

    @Test("After a loss of power between any two writes, the last or the last but one is whole")
    func powerLoss() throws {
        var fate = SystemRandomNumberGenerator()
        for operations in 0..<40 {
            for _ in 0..<20 {
                let disk = FragileDisk(operationsLeft: operations)
                var written = 0
                for step in 1...8 {
                    let folder = CheckpointFolder(path: "/c", disk: disk)
                    do {
                        try folder.write(checkpoint(step), to: folder.contents().nextSlot)
                    } catch { break }
                    written = step
                }
                let after = CheckpointFolder(
                    path: "/c", disk: disk.afterPowerLoss(fate: &fate)
                ).contents()
                let step = after.newest?.step ?? 0
                #expect(
                    step == written || step == written + 1,
                    "\(operations) operations, \(written) written, \(step) found")
            }
        }
    }

    @Test("Where the newest is damaged, the older one is found; where both are, neither, and why")
    func olderSlot() throws {
        let disk = FragileDisk()
        let folder = CheckpointFolder(path: "/c", disk: disk)
        for step in 1...2 {
            try folder.write(checkpoint(step), to: folder.contents().nextSlot)
        }
        #expect(folder.contents().newest?.step == 2)
        disk.damage(folder.file(.second), bit: 8_000)
        #expect(folder.contents().newest?.step == 1)
        #expect(folder.contents().damage.count == 1)
        #expect(folder.contents().nextSlot == .second)
        disk.cut(folder.file(.first), to: 100)
        #expect(folder.contents().newest == nil)
        #expect(folder.contents().damage.count == 2)
    }

    @Test("A full disk leaves the checkpoints that are there, and nothing else")
    func fullDisk() throws {
        let disk = FragileDisk()
        let folder = CheckpointFolder(path: "/c", disk: disk)
        for step in 1...3 {
            try folder.write(checkpoint(step), to: folder.contents().nextSlot)
        }
        disk.fill()
        let error = #expect(throws: DiskError.self) {
            try folder.write(checkpoint(4), to: folder.contents().nextSlot)
        }
        #expect(error?.description.contains("No space left") == true)
        #expect(folder.contents().newest?.step == 3)
        #expect(folder.contents().damage == [])
        #expect(try disk.read(folder.file(.first) + ".part") == nil)
        #expect(try disk.read(folder.file(.second) + ".part") == nil)
    }

    @Test("On a real disk too: write, read, replace, remove")
    func localDisk() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-checkpoints-\(UUID().uuidString)/job").path
        let folder = CheckpointFolder(path: path)
        try folder.make()
        for step in 1...3 {
            try folder.write(checkpoint(step), to: folder.contents().nextSlot)
            #expect(folder.contents().newest?.step == step)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        #expect(names == ["first.safetensors", "second.safetensors"])
        try folder.remove()
        try folder.remove()
        #expect(!FileManager.default.fileExists(atPath: path))
        #expect(folder.contents().newest == nil)
    }

    @Test("A device without space is named in the system's own words")
    func fullDevice() {
        let error = #expect(throws: DiskError.self) {
            try LocalDisk().write(checkpoint(1).encoded(), to: "/dev/full")
        }
        #expect(error?.description == "/dev/full: No space left on device")
    }

    @Test("A folder is held by one process at a time, and free again when that is gone")
    func lock() async throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-lock-\(UUID().uuidString)").path
        try LocalDisk().makeFolder(path)
        let held = try FolderLock(folder: path, waitingSeconds: 0)
        let error = #expect(throws: HeldFolder.self) {
            _ = try FolderLock(folder: path, waitingSeconds: 0.05)
        }
        #expect(error?.description.contains("process \(getpid())") == true)
        withExtendedLifetime(held) {}
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path + "/.." as String] in
            let other = path + "/gc-bench-lock-child-\(getppid())"
            try LocalDisk().makeFolder(other)
            let lock = try FolderLock(folder: other, waitingSeconds: 0)
            kill(getpid(), SIGKILL)
            withExtendedLifetime(lock) {}
        }
        _ = try FolderLock(
            folder: path + "/../gc-bench-lock-child-\(getpid())", waitingSeconds: 1)
    }
}

import Checkpoints
import Foundation

/// A disk in memory whose power can be cut behind any operation.
///
/// What was not synchronized when the power goes may be there, be cut off, or not be there, as
/// `fate` decides; names are durable only after their folder was synchronized.
final class FragileDisk: Disk, @unchecked Sendable {
    struct PowerLoss: Error {}

    private var files: [String: Data] = [:]
    /// What is sure to be there after a loss of power.
    private var durableContents: [String: Data] = [:]
    private var pendingNames: [(from: String, to: String)] = []
    private var operationsLeft: Int
    private var isFull = false
    private(set) var operationCount = 0

    init(operationsLeft: Int = .max) { self.operationsLeft = operationsLeft }

    /// From now on no write succeeds.
    func fill() { isFull = true }

    /// What a machine finds after the power was cut.
    func afterPowerLoss(fate: inout some RandomNumberGenerator) -> FragileDisk {
        let survivor = FragileDisk()
        for (path, contents) in files {
            let durable = durableContents[path]
            if durable == contents {
                survivor.files[path] = contents
            } else {
                switch Int.random(in: 0..<4, using: &fate) {
                case 0: survivor.files[path] = contents
                case 1:
                    survivor.files[path] = contents.prefix(
                        Int.random(in: 0...contents.count, using: &fate))
                case 2: survivor.files[path] = Data(count: contents.count)
                default: survivor.files[path] = durable
                }
            }
        }
        // Renames that were not synchronized: each may have happened or not, in order.
        let undone = Int.random(in: 0...pendingNames.count, using: &fate)
        for (from, to) in pendingNames.suffix(undone).reversed() {
            survivor.files[from] = survivor.files[to]
            survivor.files[to] = before[to] ?? nil
        }
        survivor.durableContents = survivor.files
        return survivor
    }

    private var before: [String: Data?] = [:]

    private func use() throws(DiskError) {
        operationCount += 1
        operationsLeft -= 1
        if operationsLeft < 0 { throw DiskError(path: "", reason: "the power is out") }
    }

    func makeFolder(_ path: String) throws(DiskError) { try use() }

    func write(_ contents: Data, to path: String) throws(DiskError) {
        try use()
        if isFull {
            files[path] = contents.prefix(contents.count / 2)
            throw DiskError(path: path, reason: "No space left on device")
        }
        files[path] = contents
    }

    func synchronize(_ path: String) throws(DiskError) {
        try use()
        if let contents = files[path] {
            durableContents[path] = contents
        } else {
            pendingNames = []
            before = [:]
        }
    }

    func rename(_ path: String, to newPath: String) throws(DiskError) {
        try use()
        before[newPath] = files[newPath]
        pendingNames.append((path, newPath))
        files[newPath] = files.removeValue(forKey: path)
        durableContents[newPath] = durableContents.removeValue(forKey: path)
    }

    func read(_ path: String) throws(DiskError) -> Data? { files[path] }

    func remove(_ path: String) throws(DiskError) {
        try use()
        files = files.filter { $0.key != path && !$0.key.hasPrefix(path + "/") }
    }

    /// Flips one bit of a file.
    func damage(_ path: String, bit: Int) {
        guard var contents = files[path] else { return }
        contents[contents.startIndex + bit / 8 % contents.count] ^= 1 << UInt8(bit % 8)
        files[path] = contents
    }

    func cut(_ path: String, to count: Int) { files[path] = files[path]?.prefix(count) }
}

import Foundation

/// The two rolling slots of one running job.
///
/// A checkpoint is written over the older slot, so the newest whole one is never touched: whatever
/// is damaged or cut off, the one before it is still there.
public struct CheckpointFolder: Sendable {
    public let path: String
    private let disk: any Disk

    public init(path: String, disk: any Disk = LocalDisk()) {
        self.path = path
        self.disk = disk
    }

    public enum Slot: String, Sendable, CaseIterable {
        case first
        case second

        var other: Slot { self == .first ? .second : .first }
    }

    /// What is in the folder.
    public struct Contents: Sendable {
        /// The whole checkpoint with the most steps.
        public let newest: Checkpoint?
        /// Files that are no whole checkpoints, each with what is wrong.
        public let damage: [String]
        /// Where the next checkpoint goes.
        public let nextSlot: Slot
    }

    public func file(_ slot: Slot) -> String { "\(path)/\(slot.rawValue).safetensors" }

    /// Reads both slots.
    public func contents() -> Contents {
        var newest: (slot: Slot, checkpoint: Checkpoint)?
        var damage: [String] = []
        for slot in Slot.allCases {
            do {
                guard let data = try disk.read(file(slot)) else { continue }
                let checkpoint = try Checkpoint(decoding: data)
                if checkpoint.step >= newest?.checkpoint.step ?? 0 { newest = (slot, checkpoint) }
            } catch let error as DiskError {
                damage.append("\(error)")
            } catch {
                damage.append("\(file(slot)): \(error)")
            }
        }
        return Contents(
            newest: newest?.checkpoint, damage: damage,
            nextSlot: newest?.slot.other ?? .first)
    }

    /// Writes a checkpoint; durable when it returns.
    public func write(_ checkpoint: Checkpoint, to slot: Slot) throws(DiskError) {
        try disk.replace(file(slot), with: checkpoint.encoded())
    }

    /// Makes the folder, durably.
    public func make() throws(DiskError) {
        try disk.makeFolder(path)
        try disk.synchronize((path as NSString).deletingLastPathComponent)
    }

    /// Removes the folder and everything in it.
    public func remove() throws(DiskError) { try disk.remove(path) }
}

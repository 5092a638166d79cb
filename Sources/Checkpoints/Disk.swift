public import Foundation

/// The few operations that durable writing is made of, so that tests can cut the power between any
/// two of them.
public protocol Disk: Sendable {
    /// Makes a folder and those above it.
    func makeFolder(_ path: String) throws(DiskError)
    /// Makes or replaces a file; nothing is durable yet.
    func write(_ contents: Data, to path: String) throws(DiskError)
    /// Returns once the file's contents, or the folder's names, would survive a loss of power.
    func synchronize(_ path: String) throws(DiskError)
    /// Gives a file another name in the same folder, at once; durable after the folder is
    /// synchronized.
    func rename(_ path: String, to newPath: String) throws(DiskError)
    /// nil when there is no such file.
    func read(_ path: String) throws(DiskError) -> Data?
    /// Removes a file or a folder with all that is in it; it need not be there.
    func remove(_ path: String) throws(DiskError)
}

/// A disk that does not do what is asked.
public struct DiskError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }
}

extension Disk {
    /// Replaces a file so that, whatever happens when, there is the whole old file or the whole
    /// new one: write beside it, synchronize, rename, synchronize the folder.
    public func replace(_ path: String, with contents: Data) throws(DiskError) {
        let temporary = path + ".part"
        do throws(DiskError) {
            try write(contents, to: temporary)
            try synchronize(temporary)
            try rename(temporary, to: path)
            try synchronize((path as NSString).deletingLastPathComponent)
        } catch {
            // What is left over would only take the space that was lacking.
            try? remove(temporary)
            throw error
        }
    }
}

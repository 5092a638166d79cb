import Foundation

/// Looks at a store's file before SQLite does, so that what is not ours is never touched.
///
/// *Reference:* the SQLite file format, §1.3: the magic string at 0, user_version at 60 and
/// application_id at 68, both big-endian.
struct StoreFile {
    let path: String

    var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// The folder behind links.
    var realFolder: String {
        URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    }

    /// - Throws: `StoreError` when the file is a folder, unreadable, something else than a SQLite
    ///   database, a database of another program, or a store made by a newer gc-bench.
    /// - Returns: whether there is a file with something in it.
    func inspect() throws(StoreError) -> Bool {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            return false
        }
        if isFolder.boolValue { throw .notAStore(path: path, reason: "it is a folder") }
        let header = try readHeader()
        if header.isEmpty { return false }
        guard header.count == 100, header.starts(with: Array("SQLite format 3\0".utf8)) else {
            throw .notAStore(path: path, reason: "it is not a SQLite database")
        }
        try check(
            applicationID: Int32(bitPattern: bigEndian(header, at: 68)),
            version: Int(bigEndian(header, at: 60)))
        return true
    }

    /// - Parameter applicationID: 0 in a database that no program has marked yet.
    func check(applicationID: Int32, version: Int) throws(StoreError) {
        guard applicationID == 0 || applicationID == Schema.applicationID else {
            throw .notAStore(path: path, reason: "it is a database of another program")
        }
        guard applicationID == 0 || version <= Migration.newestVersion else {
            throw .newer(path: path, version: version, supported: Migration.newestVersion)
        }
    }

    /// Makes the folder that will hold the file.
    func makeFolder() throws(StoreError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(
                path: path, reason: "the folder \(folder) is not there and cannot be made")
        }
    }

    /// Whether it could be changed: a file in a folder that takes new files beside it (the log).
    var isWritable: Bool {
        let manager = FileManager.default
        guard manager.isWritableFile(atPath: folder) else { return false }
        return !manager.fileExists(atPath: path) || manager.isWritableFile(atPath: path)
    }

    private func readHeader() throws(StoreError) -> [UInt8] {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw .unreadable(path: path, reason: "opening it is not permitted")
        }
        defer { try? handle.close() }
        do {
            return [UInt8](try handle.read(upToCount: 100) ?? Data())
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
    }

    private func bigEndian(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
}

import Foundation
import Tensors

/// The few things that readers ask of the file system.
enum Files {
    /// No official file is a fifth as large; what is larger is not read into memory.
    static let largestByteCount = 1 << 30

    static func join(_ folder: String, _ path: String) -> String {
        if path.isEmpty { return folder }
        return folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    static func isFile(_ path: String) -> Bool { exists(path) && !isFolder(path) }

    /// The size of a regular file, behind links.
    ///
    /// - Throws: `unreadableFile` for folders, devices, pipes and files that are too large.
    static func byteCount(
        _ path: String, largest: Int = largestByteCount
    ) throws(DatasetError) -> Int {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let byteCount = (attributes[.size] as? NSNumber)?.intValue
        else { throw .unreadableFile(path: path, reason: "it is not a regular file") }
        guard byteCount <= largest else {
            throw .unreadableFile(
                path: path,
                reason: "it has \(byteCount) bytes, more than any file of the official set")
        }
        return byteCount
    }

    /// What lies in a folder.
    struct Entry {
        let name: String
        /// nil for what is no regular file, behind links.
        let byteCount: Int?
        let isFolder: Bool
    }

    /// What lies in a folder, sorted by name, byte by byte.
    ///
    /// - Throws: `unreadableFile`.
    static func entries(of folder: String) throws(DatasetError) -> [Entry] {
        guard let stream = opendir(folder) else {
            throw .unreadableFile(path: folder, reason: String(cString: strerror(errno)))
        }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name == "." || name == ".." { continue }
            var status = stat()
            let isKnown = fstatat(dirfd(stream), name, &status, 0) == 0
            let kind = isKnown ? status.st_mode & S_IFMT : 0
            entries.append(
                Entry(
                    name: name, byteCount: kind == S_IFREG ? Int(status.st_size) : nil,
                    isFolder: kind == S_IFDIR))
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// The names of the folders in a folder, sorted, without hidden ones.
    static func folders(in folder: String) throws(DatasetError) -> [String] {
        try entries(of: folder).filter { $0.isFolder && !$0.name.hasPrefix(".") }.map(\.name)
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: `unreadableFile`.
    static func read(_ path: String) throws(DatasetError) -> [UInt8] {
        _ = try byteCount(path)
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadableFile(path: path, reason: error.systemReason)
        }
    }

    /// Writes a file into a folder that is made where it is missing.
    ///
    /// - Throws: `unwritableFile`.
    static func write(_ bytes: [UInt8], to path: String) throws(DatasetError) {
        let file = URL(fileURLWithPath: path)
        try makeFolder(file.deletingLastPathComponent().path)
        do {
            try Data(bytes).write(to: file)
        } catch {
            throw .unwritableFile(path: path, reason: error.systemReason)
        }
    }

    static func makeFolder(_ path: String) throws(DatasetError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true)
        } catch {
            throw .unwritableFile(path: path, reason: error.systemReason)
        }
    }

    /// Moves a file to where another one may be, in one step.
    static func replace(_ target: String, with path: String) throws(DatasetError) {
        guard rename(path, target) == 0 else {
            throw .unwritableFile(path: target, reason: String(cString: strerror(errno)))
        }
    }

    static func move(_ path: String, to target: String) throws(DatasetError) {
        do {
            try FileManager.default.moveItem(atPath: path, toPath: target)
        } catch {
            throw .unwritableFile(path: target, reason: error.systemReason)
        }
    }

    /// Removes a file or a folder with all in it, if there is one.
    static func remove(_ path: String) throws(DatasetError) {
        guard exists(path) else { return }
        do {
            try FileManager.default.removeItem(atPath: path)
        } catch {
            throw .unwritableFile(path: path, reason: error.systemReason)
        }
    }
}

import Foundation

/// The few things that readers ask of the file system.
enum Files {
    /// No official file is a fifth as large; what is larger is not read into memory.
    static let largestByteCount = 1 << 30

    static func join(_ folder: String, _ path: String) -> String {
        folder.hasSuffix("/") ? folder + path : "\(folder)/\(path)"
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            && isFolder.boolValue
    }

    /// The size of a regular file, behind links.
    ///
    /// - Throws: `unreadableFile` for folders, devices, pipes and files that are too large.
    static func byteCount(_ path: String) throws(DatasetError) -> Int {
        let resolved = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: resolved),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let byteCount = (attributes[.size] as? NSNumber)?.intValue
        else { throw .unreadableFile(path: path, reason: "it is not a regular file") }
        guard byteCount <= largestByteCount else {
            throw .unreadableFile(
                path: path,
                reason: "it has \(byteCount) bytes, more than any file of the official set")
        }
        return byteCount
    }

    /// The bytes of a regular file.
    ///
    /// - Throws: `unreadableFile`.
    static func read(_ path: String) throws(DatasetError) -> [UInt8] {
        _ = try byteCount(path)
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadableFile(path: path, reason: error.localizedDescription)
        }
    }
}

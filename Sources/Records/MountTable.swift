import Foundation

/// What is mounted where, as the kernel lists it.
///
/// *Reference:* proc(5), `/proc/pid/mountinfo`: the fifth field is where, and the first one behind
/// the lone dash is what.
public struct MountTable {
    private let mounts: [(folder: String, type: String)]

    public init(text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
            else { return nil }
            return (Self.unescaped(fields[4]), String(fields[dash + 1]))
        }
    }

    static func current() -> MountTable {
        let text = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        return MountTable(text: text ?? "")
    }

    /// The type of the network file system that a path lies on: several machines see its files, but
    /// neither their locks nor the memory that the write-ahead log shares. nil for all others.
    ///
    /// What virtual machines and containers share with their host (9p, virtiofs) is seen by one
    /// kernel and not meant.
    public func networkType(of path: String) -> String? {
        let around = mounts.filter { mount in
            mount.folder == "/" || path == mount.folder || path.hasPrefix(mount.folder + "/")
        }
        // Of several mounts over the same folder, the last one is seen.
        let nearest = around.reversed().max { $0.folder.utf8.count < $1.folder.utf8.count }
        return nearest.map(\.type).flatMap { Self.networkTypes.contains($0) ? $0 : nil }
    }

    private static let networkTypes: Set = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "gpfs", "ceph", "afs", "beegfs", "panfs",
        "ocfs2", "gfs2", "glusterfs", "fuse.sshfs", "fuse.glusterfs", "fuse.ceph", "fuse.s3fs",
        "fuse.gcsfuse", "ncpfs", "davfs", "fuse.davfs2", "fuse.rclone",
    ]

    /// Spaces and the like are written as three octal digits behind a backslash.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = field.utf8[...]
        while let byte = rest.first {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

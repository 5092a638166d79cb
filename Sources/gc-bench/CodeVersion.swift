import Foundation

/// What names the code that runs: the version and, where it was built in a checkout, the commit
/// that was checked out when it was built.
struct CodeVersion {
    /// Such as `0.1.0+1a2df98c04b1`, or `0.1.0` for a program that was moved out of its checkout.
    static func current(_ version: String) -> String {
        guard let executable = executable, let checkout = checkout(around: executable),
            let built = modificationTime(executable)
        else { return version }
        return commit(in: checkout, at: built).map { "\(version)+\($0.prefix(12))" } ?? version
    }

    private static var executable: String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// The folder that holds the `.build` folder that the program lies in.
    private static func checkout(around executable: String) -> String? {
        let parts = executable.split(separator: "/")
        guard let place = parts.lastIndex(of: ".build") else { return nil }
        return "/" + parts[..<place].joined(separator: "/")
    }

    private static func modificationTime(_ path: String) -> Double? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return (attributes?[.modificationDate] as? Date)?.timeIntervalSince1970
    }

    /// The commit that HEAD pointed to at a time, by the log that git keeps of it: what was
    /// committed since is not in the program.
    ///
    /// *Reference:* gitrepository-layout(5), `logs/HEAD`: old, new, who, seconds since 1970, time
    /// zone, a tab and the reason.
    private static func commit(in checkout: String, at time: Double) -> String? {
        let log = text(of: "\(gitFolder(of: checkout))/logs/HEAD") ?? ""
        var commit: String?
        for line in log.split(separator: "\n") {
            let fields = line.prefix { $0 != "\t" }.split(separator: " ")
            guard fields.count > 4, let seconds = Double(fields[fields.count - 2]) else { continue }
            if seconds <= time { commit = String(fields[1]) }
        }
        return commit
    }

    /// A worktree has a file there that says where its folder is.
    private static func gitFolder(of checkout: String) -> String {
        let pointer = text(of: "\(checkout)/.git") ?? ""
        guard pointer.hasPrefix("gitdir: ") else { return "\(checkout)/.git" }
        return pointer.dropFirst("gitdir: ".count).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func text(of path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}

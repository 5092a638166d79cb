import Foundation

/// A process that runs jobs, told apart from every other one that ever was.
///
/// A process id alone is used again after a crash or a reboot; together with the kernel's boot id
/// and the moment the process was started it is not.
public struct RunnerIdentity: Hashable, Sendable, CustomStringConvertible {
    public let host: String
    /// The boot and the process namespace within which `process` means something.
    public let place: String
    public let process: Int
    /// When the process was started, in the kernel's clock ticks since boot.
    public let startTicks: Int

    public init(host: String, place: String, process: Int, startTicks: Int) {
        self.host = host
        self.place = place
        self.process = process
        self.startTicks = startTicks
    }

    /// This process.
    public static func current() -> RunnerIdentity {
        let process = Int(ProcessInfo.processInfo.processIdentifier)
        return RunnerIdentity(
            host: ProcessInfo.processInfo.hostName, place: currentPlace, process: process,
            startTicks: startTicks(of: process) ?? 0)
    }

    /// Whether the process still runs; nil when that cannot be seen from here (another machine,
    /// another container, an earlier boot), where only its lease tells.
    func isAlive(seenFrom observer: RunnerIdentity) -> Bool? {
        guard place == observer.place else { return nil }
        return Self.startTicks(of: process) == startTicks
    }

    public var description: String { "process \(process) on \(host)" }

    private static var currentPlace: String {
        let boot = text(of: "/proc/sys/kernel/random/boot_id") ?? "unknown boot"
        let namespace = try? FileManager.default.destinationOfSymbolicLink(
            atPath: "/proc/self/ns/pid")
        return boot + " " + (namespace ?? "unknown namespace")
    }

    /// Field 22 of /proc/PID/stat; nil for a process that is gone or only waits to be reaped.
    private static func startTicks(of process: Int) -> Int? {
        guard let stat = text(of: "/proc/\(process)/stat") else { return nil }
        // The second field is the program's name in parentheses and may hold spaces.
        guard let nameEnd = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: nameEnd)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return Int(fields[19])
    }

    private static func text(of path: String) -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.readToEnd() else { return nil }
        return String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

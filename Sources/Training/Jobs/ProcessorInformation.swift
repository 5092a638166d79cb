import Foundation

/// What the kernel says of the first processor.
public enum ProcessorInformation {
    public static var modelName: String { entries()["model name"] ?? "unknown" }

    /// Its instruction set extensions.
    public static var flags: Set<String> {
        Set((entries()["flags"] ?? "").split(separator: " ").map(String.init))
    }

    private static func entries() -> [String: String] {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else {
            return [:]
        }
        var entries: [String: String] = [:]
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.isEmpty { break }
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { continue }
            entries[parts[0].trimmingCharacters(in: .whitespaces)] =
                parts[1].trimmingCharacters(in: .whitespaces)
        }
        return entries
    }
}

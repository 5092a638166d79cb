import Foundation
import Scheduling

/// What computes here, for records and reports.
struct MachineDescription {
    /// Names and values, as text.
    let facts: [String: String]

    static func current() -> MachineDescription {
        let information = processorInformation()
        var facts = [
            "cpu": information["model name"] ?? "unknown",
            "cores": "\(ComputeResources.current().coreCount)",
            "memory": Units.bytes(Int(ProcessInfo.processInfo.physicalMemory)),
            "system": ProcessInfo.processInfo.operatingSystemVersionString,
        ]
        let flags = Set((information["flags"] ?? "").split(separator: " ").map(String.init))
        let notable = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"].filter(flags.contains)
        if !notable.isEmpty { facts["features"] = notable.joined(separator: " ") }
        return MachineDescription(facts: facts)
    }

    /// The first processor's entries of the kernel's list.
    private static func processorInformation() -> [String: String] {
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

import Foundation
import Scheduling
import Training

/// What computes here, for records and reports.
struct MachineDescription {
    /// Names and values, as text.
    let facts: [String: String]

    static func current() -> MachineDescription {
        var facts = [
            "cpu": ProcessorInformation.modelName,
            "cores": "\(ComputeResources.current().coreCount)",
            "memory": Units.bytes(Int(ProcessInfo.processInfo.physicalMemory)),
            "system": ProcessInfo.processInfo.operatingSystemVersionString,
        ]
        let flags = ProcessorInformation.flags
        let notable = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"].filter(flags.contains)
        if !notable.isEmpty { facts["features"] = notable.joined(separator: " ") }
        return MachineDescription(facts: facts)
    }
}

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
        if !flags.isEmpty { facts["bfloat16"] = bfloat16(flags) }
        return MachineDescription(facts: facts)
    }

    /// What `precision: bfloat16` meets on a processor of the x86 family.
    private static func bfloat16(_ flags: Set<String>) -> String {
        if flags.contains("amx_bf16") { return "native, in matrix tiles (AMX)" }
        if flags.contains("avx512_bf16") { return "native, in vectors (AVX-512)" }
        if flags.contains("avx512bw") {
            return "emulated with AVX-512: right and half the memory, but slower than float32"
        }
        return "none: oneDNN needs AVX-512 for it; use precision: float32"
    }
}

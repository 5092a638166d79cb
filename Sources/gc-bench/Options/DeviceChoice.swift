import Foundation
import Scheduling
import Training

/// What computes, once it has been looked at.
struct DeviceChoice {
    /// The backend of all jobs; nil to let each decide.
    var backend: BackendName?
    var survey: GPUSurvey?
    /// The only GPU to use; nil for any.
    var index: Int?

    /// The backend of a job that has the machine to itself.
    var single: BackendName { backend ?? .cpu }

    /// The GPU of such a job; nil where none is used.
    var singleGPU: Int? { single.usesGPU ? index ?? 0 : nil }

    /// The free memory of the GPUs that may be used.
    var gpus: [Int] {
        guard single.usesGPU, let survey else { return [] }
        return survey.devices.enumerated().map { number, device in
            index == nil || index == number ? device.freeByteCount : 0
        }
    }

    /// What is recorded of the GPUs with a job.
    var facts: [String: String] {
        guard single.usesGPU, let survey else { return [:] }
        let devices = survey.devices.enumerated().map { ("gpu_\($0)", $1.name) }
        let libraries = survey.libraries.map { ($0.name, $0.text) }
        return Dictionary(devices + libraries) { first, _ in first }
    }

    /// Whether NVIDIA's driver runs.
    static var hasDriver: Bool {
        ["/dev/nvidiactl", "/dev/dxg"].contains(where: FileManager.default.fileExists)
    }

    static func survey() async throws -> GPUSurvey {
        try await WorkerExecutable.worker(threads: 1).answer(.gpus) {
            if case .gpus(let survey) = $0 { survey } else { nil }
        }
    }
}

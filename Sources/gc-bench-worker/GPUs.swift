import CUDABackend
import Foundation
import Training

/// Where compiled kernels are kept: the user's cache folder, nowhere without a home.
enum KernelCacheFolder {
    static var path: String? {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_CACHE_HOME"] ?? environment["HOME"].map { "\($0)/.cache" }
        return base.map { "\($0)/gc-bench" }
    }
}

extension GPUSurvey {
    /// Opens CUDA's libraries and asks them.
    static func current() -> GPUSurvey {
        let survey = LibrarySurvey()
        let libraries = survey.findings.map {
            Finding(name: $0.name, text: $0.text, isFine: $0.isFine)
        }
        do {
            let devices = try survey.required().devices().map {
                Device(
                    name: $0.name, memoryByteCount: $0.memoryByteCount,
                    freeByteCount: $0.freeByteCount)
            }
            return GPUSurvey(
                devices: devices, libraries: libraries,
                problem: devices.isEmpty ? "there is no GPU" : nil)
        } catch {
            return GPUSurvey(devices: [], libraries: libraries, problem: "\(error)")
        }
    }
}

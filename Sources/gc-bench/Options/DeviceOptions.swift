import ArgumentParser
import Foundation
import Scheduling
import Specifications
import SystemPackage
import Training

/// What computes.
struct DeviceOptions: ParsableArguments {
    @Option(help: "auto, cpu, or cuda[:i] where a build has that backend.")
    var device = Device.auto

    enum Device: Hashable, ExpressibleByArgument {
        case auto
        case cpu
        /// The index of the GPU; nil for any.
        case cuda(Int?)

        init?(argument: String) {
            let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
            switch (parts.first, parts.count) {
            case ("auto", 1): self = .auto
            case ("cpu", 1): self = .cpu
            case ("cuda", 1): self = .cuda(nil)
            case ("cuda", 2):
                guard let index = Int(parts[1]), index >= 0 else { return nil }
                self = .cuda(index)
            default: return nil
            }
        }

        var defaultValueDescription: String {
            switch self {
            case .auto: "auto"
            case .cpu: "cpu"
            case .cuda(let index): "cuda" + (index.map { ":\($0)" } ?? "")
            }
        }
    }

    /// nil to let precision decide.
    ///
    /// - Throws: ``DeviceError`` for a device that this build cannot use.
    func backend() throws(DeviceError) -> BackendName? {
        switch device {
        case .auto: nil
        case .cpu: .cpu
        case .cuda: throw DeviceError()
        }
    }
}

/// A GPU was asked for, and there is no backend for it.
struct DeviceError: Error, CustomStringConvertible {
    var description: String {
        "--device cuda: this build computes on the processor only; use --device cpu or auto"
    }
}

/// The executable that computes; it lies beside this one.
enum WorkerExecutable {
    static func path() throws -> FilePath {
        let own = try FilePath("/proc/self/exe").resolved()
        return own.removingLastComponent().appending("gc-bench-worker")
    }

    /// A worker for commands that need a single one.
    static func worker(threads: Int) throws -> WorkerProcess {
        WorkerProcess(
            executable: try path(),
            environment: ComputeResources.workerEnvironment(threads: threads))
    }
}

extension FilePath {
    /// Where a symbolic link leads; the path itself where it is none.
    fileprivate func resolved() throws -> FilePath {
        FilePath(try FileManager.default.destinationOfSymbolicLink(atPath: string))
    }
}

extension JobSpecification {
    /// The compute threads of a job that has the machine to itself.
    var threadsAlone: Int {
        switch threads {
        case .automatic: ComputeResources.current().coreCount
        case .count(let count): count
        }
    }
}

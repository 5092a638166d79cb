import ArgumentParser
import Foundation
import Scheduling
import Specifications
import SystemPackage
import Training

/// What computes.
struct DeviceOptions: ParsableArguments {
    @Option(help: "auto or cpu; cuda[:i] comes with a later version.")
    var device = Device.auto

    enum Device: Hashable, ExpressibleByArgument {
        case auto
        case cpu

        init?(argument: String) {
            switch argument {
            case "auto": self = .auto
            case "cpu": self = .cpu
            default: return nil
            }
        }

        var defaultValueDescription: String {
            switch self {
            case .auto: "auto"
            case .cpu: "cpu"
            }
        }
    }

    /// nil to let precision decide.
    var backend: BackendName? {
        switch device {
        case .auto: nil
        case .cpu: .cpu
        }
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

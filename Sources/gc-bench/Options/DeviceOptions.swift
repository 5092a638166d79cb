import ArgumentParser
import Foundation
import Scheduling
import Specifications
import SystemPackage
import Training

/// What computes.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: "auto, cpu, or cuda[:i] for the NVIDIA GPU with that number; auto is cpu for now."
    )
    var device = Device.auto

    @Flag(
        name: .customLong("tf32"),
        help: "On a GPU, multiply float32 numbers by eleven of their bits. Makes jobs of their own."
    )
    var allowsTF32 = false

    @Flag(
        name: .customLong("fast"),
        help:
            "On a GPU, allow sums whose last digits change from run to run. Makes jobs of their own."
    )
    var isFast = false

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

    /// Looks for GPUs where they were asked for.
    ///
    /// - Throws: ``DeviceError`` for a device that cannot be used.
    func choice() async throws -> DeviceChoice {
        let gpu = BackendName.gpu(allowsTF32: allowsTF32, isFast: isFast)
        switch device {
        case .cpu:
            try refuseGPUFlags()
            return DeviceChoice(backend: .cpu)
        case .auto:
            try refuseGPUFlags()
            if DeviceChoice.hasDriver { Console.note(Self.unchecked) }
            return DeviceChoice()
        case .cuda(let index):
            let survey = try await DeviceChoice.survey()
            if let problem = survey.problem { throw DeviceError(problem: problem) }
            if let index, !survey.devices.indices.contains(index) {
                throw DeviceError(
                    problem: "there are \(survey.devices.count) GPUs, counted from 0")
            }
            return DeviceChoice(backend: gpu, survey: survey, index: index)
        }
    }

    /// For plans, which need no GPU to be made: `auto` is the processor.
    func planned() throws -> DeviceChoice {
        guard case .cuda = device else {
            try refuseGPUFlags()
            return DeviceChoice(backend: device == .cpu ? .cpu : nil)
        }
        return DeviceChoice(backend: .gpu(allowsTF32: allowsTF32, isFast: isFast))
    }

    /// Until the checks have run on a GPU, nobody gets one without asking for it.
    private static let unchecked =
        "there is a GPU here; --device cuda uses it, which this version has not been checked on"

    private func refuseGPUFlags() throws(DeviceError) {
        if allowsTF32 || isFast {
            throw DeviceError(problem: "--tf32 and --fast are for GPUs, and none is used")
        }
    }
}

/// A GPU was asked for that cannot be used.
struct DeviceError: Error, CustomStringConvertible {
    let problem: String

    var description: String {
        "\(problem); gc-bench doctor shows what was found, --device cpu computes on the processor"
    }
}

/// The executable that computes; it lies beside this one.
enum WorkerExecutable {
    static func path() throws -> FilePath {
        let own = try FilePath("/proc/self/exe").resolved()
        return own.removingLastComponent().appending("gc-bench-worker")
    }

    /// A worker for commands that need a single one.
    static func worker(threads: Int, gpu: Int? = nil) throws -> WorkerProcess {
        WorkerProcess(
            executable: try path(),
            environment: ComputeResources.workerEnvironment(threads: threads, gpu: gpu))
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

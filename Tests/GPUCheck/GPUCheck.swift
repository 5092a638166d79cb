import CUDABackend
import ConformanceCases
import Foundation
import Graphs
import ReferenceBackend
import Tensors

/// Runs the conformance suite on a GPU, a line of text a case; what is done is not done again.
///
///     gpu-check RECORD SECONDS
///
/// Exit codes: 0 everything holds, 1 something does not, 3 there is no GPU to check, 75 time is up
/// and more is to be done: call it again.
@main
struct GPUCheck {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let seconds = Double(arguments[2]) else {
            say("usage: gpu-check RECORD SECONDS")
            exit(64)
        }
        let survey = LibrarySurvey()
        for finding in survey.findings {
            say("\(finding.isFine ? "ok  " : "BAD ") \(finding.name): \(finding.text)")
        }
        do {
            let libraries = try survey.required()
            let devices = try libraries.devices()
            guard let device = devices.first else {
                say("no GPU: the driver shows none; nothing was checked")
                exit(3)
            }
            say("gpu: \(device.name), \(device.memoryByteCount) bytes")
            let record = try CheckRecord(path: arguments[1])
            exit(Self.check(libraries, record, until: Date().addingTimeInterval(seconds)))
        } catch {
            say("no GPU: \(error); nothing was checked")
            exit(3)
        }
    }

    /// Every case in both precisions, then with our own loops in the place of the libraries'.
    private static func check(_ libraries: CUDALibraries, _ record: CheckRecord, until end: Date)
        -> Int32
    {
        for trial in CheckTrial.all where !record.holds(trial.name) {
            guard Date() < end else {
                say("time is up after \(record.count) of \(CheckTrial.all.count) checks")
                return 75
            }
            let verdict = trial.verdict(libraries)
            say("\(trial.name): \(verdict)")
            record.keep(trial.name, verdict)
        }
        say("\(record.count) checks, \(record.failureCount) do not hold")
        return record.failureCount == 0 ? 0 : 1
    }
}

/// A line that is there at once, whatever standard output is.
private func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}

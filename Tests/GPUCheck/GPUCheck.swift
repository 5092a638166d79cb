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
        setvbuf(stdout, nil, _IOLBF, 0)
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let seconds = Double(arguments[2]) else {
            print("usage: gpu-check RECORD SECONDS")
            exit(64)
        }
        let survey = LibrarySurvey()
        for finding in survey.findings {
            print("\(finding.isFine ? "ok  " : "BAD ") \(finding.name): \(finding.text)")
        }
        do {
            let libraries = try survey.required()
            let devices = try libraries.devices()
            guard let device = devices.first else {
                print("no GPU: the driver shows none; nothing was checked")
                exit(3)
            }
            print("gpu: \(device.name), \(device.memoryByteCount) bytes")
            let record = try CheckRecord(path: arguments[1])
            exit(Self.check(libraries, record, until: Date().addingTimeInterval(seconds)))
        } catch {
            print("no GPU: \(error); nothing was checked")
            exit(3)
        }
    }

    /// Every case in both precisions, then with our own loops in the place of the libraries'.
    private static func check(_ libraries: CUDALibraries, _ record: CheckRecord, until end: Date)
        -> Int32
    {
        for trial in CheckTrial.all where !record.holds(trial.name) {
            guard Date() < end else {
                print("time is up after \(record.count) of \(CheckTrial.all.count) checks")
                return 75
            }
            let verdict = trial.verdict(libraries)
            print("\(trial.name): \(verdict)")
            record.keep(trial.name, verdict)
        }
        print("\(record.count) checks, \(record.failureCount) do not hold")
        return record.failureCount == 0 ? 0 : 1
    }
}

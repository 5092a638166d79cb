import Foundation
import Records

/// An empty folder for one test.
func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("gc-bench-records-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
}

func temporaryStorePath() throws -> String {
    try temporaryFolder().appendingPathComponent("store.sqlite").path
}

/// A job of a table with the rows, modes and seeds that a test needs.
func job(
    _ id: String, gc: String = "none", seed: Int = 0, table: String = "quick",
    evidence: JobEvidence = JobEvidence()
) -> JobRow {
    JobRow(
        id: id, cell: "cell-\(gc)", row: "row", seed: seed, specification: #"{"seed":\#(seed)}"#,
        settings: JobSettings(
            dataset: "shapes", backbone: "resnet8", normalization: "bn", optimizer: "sgd", gc: gc,
            precision: "float32", backend: "cpu", threads: "auto", epochs: 3),
        evidence: evidence,
        listing: JobListing(table: table, spec: "quick.spec", label: "resnet8 bn"))
}

extension ClaimAnswer {
    /// The claim, when the job was given.
    var claim: Claim? {
        switch self {
        case .claimed(let claim): claim
        case .done, .held: nil
        }
    }
}

extension Store {
    /// Registers, claims and finishes a job with one value.
    func finish(_ job: JobRow, accuracy: Double, loss: Double = 1) throws {
        try register([job])
        guard let claim = try claim(job.id).claim else { return }
        try finish(
            claim, JobCompletion(.finished),
            measurements: [
                MetricValue("test_accuracy", epoch: 1, step: 10, value: accuracy),
                MetricValue("test_loss", epoch: 1, step: 10, value: loss),
            ])
    }
}

/// A runner that once was on this boot and is gone: no process has a negative id.
func deadRunner() -> RunnerIdentity {
    RunnerIdentity(
        host: "here", place: RunnerIdentity.current().place, process: -1, startTicks: 1)
}

/// A runner on another machine.
func remoteRunner(_ process: Int = 7) -> RunnerIdentity {
    RunnerIdentity(host: "there", place: "boot \(process)", process: process, startTicks: 1)
}

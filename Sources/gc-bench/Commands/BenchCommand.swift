import ArgumentParser
import Foundation
import Scheduling
import Specifications
import Tensors
import Training

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure training throughput on random images in memory.",
        discussion: "One entry per cell of the spec; seeds do not matter to speed.")

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var device: DeviceOptions

    @Flag(help: "One JSON document on standard output.")
    var json = false

    @Flag(help: "Show the slowest instructions by scope.")
    var breakdown = false

    @Option(help: "Seconds of whole steps per job.")
    var seconds = 15.0

    @Option(help: "Compute threads; by default what the spec says.")
    var threads: Int?

    func validate() throws {
        guard seconds > 0, seconds <= 45 else {
            throw ValidationError("--seconds must be above 0 and at most 45")
        }
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    }

    func run() async throws {
        try await reportingMistakes {
            var entries: [BenchEntry] = []
            for experiment in try sweep.experiments() {
                for (job, label) in cells(of: experiment) {
                    Console.note("\(experiment.title): \(label)")
                    let result = try await measure(job)
                    entries.append(
                        BenchEntry(
                            spec: experiment.specificationPath, label: label, result: result))
                }
            }
            Console.print(
                json
                    ? try BenchEntry.json(entries)
                    : entries.map { $0.text(showsSlowest: breakdown) }.joined(separator: "\n"))
        }
    }

    /// One job of each cell, whatever its seeds.
    private func cells(of experiment: Experiment) -> [(JobSpecification, String)] {
        var seen: Set<JobSpecification> = []
        return zip(experiment.jobs, experiment.labels()).filter { job, _ in
            seen.insert(job.with(seed: 0)).inserted
        }
    }

    private func measure(_ job: JobSpecification) async throws -> BenchResult {
        let threads = threads ?? job.threadsAlone
        let backend = try device.backend() ?? (job.precision == .float64 ? .reference : .cpu)
        let request = BenchRequest(
            job: EngineJob(job, backend: backend, threads: threads), seconds: seconds)
        return try await WorkerExecutable.worker(threads: threads).answer(.bench(request)) {
            if case .benched(let result) = $0 { result } else { nil }
        }
    }
}

import ArgumentParser
import Foundation
import Scheduling
import Specifications
import Tensors
import Training

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measure throughput on random images in memory.",
        discussion: """
            One entry per cell of the spec; seeds do not matter to speed. Cells take turns, there \
            and back again, so that a machine that slows down or speeds up treats all alike.
            """)

    @OptionGroup var sweep: SweepOptions
    @OptionGroup var device: DeviceOptions

    @Flag(help: "One JSON document on standard output.")
    var json = false

    @Flag(help: "Show the slowest instructions by scope.")
    var breakdown = false

    @Flag(help: "Measure evaluation instead of training.")
    var evaluation = false

    @Option(help: "Seconds of whole steps per job, all rounds together.")
    var seconds = 15.0

    @Option(help: "How often each job is measured, in a process of its own each time.")
    var rounds = 3

    @Option(help: "Compute threads; by default what the spec says.")
    var threads: Int?

    func validate() throws {
        guard seconds > 0, seconds <= 45 else {
            throw ValidationError("--seconds must be above 0 and at most 45")
        }
        guard (1...20).contains(rounds) else {
            throw ValidationError("--rounds must be from 1 to 20")
        }
        if let threads, threads < 1 { throw ValidationError("--threads must be at least 1") }
    }

    func run() async throws {
        try await reportingMistakes {
            let device = try await device.choice()
            var cells = try sweep.experiments().flatMap(cells)
            var peaks: [PeaksRequest: MachinePeaks] = [:]
            for round in 0..<rounds {
                let there = Array(cells.indices)
                for index in round.isMultiple(of: 2) ? there : there.reversed() {
                    Console.note("round \(round + 1) of \(rounds): \(cells[index].label)")
                    cells[index].visits.append(try await measure(cells[index].job, on: device))
                }
                for request in Set(cells.map { peaksRequest($0.job, on: device) }) {
                    let measured = try await measure(request, on: device)
                    peaks[request] = peaks[request]?.best(with: measured) ?? measured
                }
            }
            let entries = cells.compactMap {
                BenchEntry($0, peaks: peaks[peaksRequest($0.job, on: device)])
            }
            Console.print(
                json
                    ? try BenchEntry.json(entries)
                    : entries.map { $0.text(showsSlowest: breakdown) }.joined(separator: "\n"))
        }
    }

    /// One job of each cell, whatever its seeds.
    private func cells(of experiment: Experiment) -> [BenchCell] {
        var seen: Set<JobSpecification> = []
        return zip(experiment.jobs, experiment.labels()).compactMap { job, label in
            guard seen.insert(job.with(seed: 0)).inserted else { return nil }
            return BenchCell(spec: experiment.specificationPath, label: label, job: job)
        }
    }

    private func threadCount(_ job: JobSpecification) -> Int { threads ?? job.threadsAlone }

    private func measure(_ job: JobSpecification, on device: DeviceChoice) async throws
        -> BenchResult
    {
        let backend = device.backend ?? job.standardBackend
        let job = EngineJob(job, backend: backend, threads: threadCount(job))
        let request = BenchRequest(
            job: job, workload: evaluation ? .evaluation : .training,
            seconds: seconds / Double(rounds))
        return try await WorkerExecutable.worker(threads: job.threads, gpu: device.singleGPU)
            .answer(.bench(request)) {
                if case .benched(let result) = $0 { result } else { nil }
            }
    }

    private func peaksRequest(_ job: JobSpecification, on device: DeviceChoice) -> PeaksRequest {
        PeaksRequest(of: job, backend: device.single, threads: threadCount(job))
    }

    private func measure(_ request: PeaksRequest, on device: DeviceChoice) async throws
        -> MachinePeaks
    {
        try await WorkerExecutable.worker(threads: request.threads, gpu: device.singleGPU)
            .answer(.peaks(request)) {
                if case .peaks(let peaks) = $0 { peaks } else { nil }
            }
    }
}

/// A cell of a spec and what each round measured of it.
struct BenchCell {
    let spec: String
    let label: String
    let job: JobSpecification
    var visits: [BenchResult] = []
}

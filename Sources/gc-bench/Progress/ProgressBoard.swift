import Foundation
import Scheduling
import Specifications
import Training

/// Shows a sweep while it runs: a line per running job on a terminal, plain lines elsewhere.
actor ProgressBoard: SweepObserver {
    enum Style {
        case quiet
        /// A line when something happens.
        case lines
        /// Lines that are redrawn in place.
        case live

        static var detected: Style { Console.standardErrorIsTerminal ? .live : .lines }
    }

    private let style: Style
    private var estimate: SweepEstimate
    private var running: [RunningJob] = []
    private var live = LiveLines(on: .standardError)
    private var isStopping = false
    private var lastDraw = ContinuousClock.now
    private let jobCount: Int
    private var doneCount = 0
    /// Failures that were shown in full, by their text.
    private var shownFailures: [String: String] = [:]

    private struct RunningJob {
        let job: PreparedJob
        var progress: JobProgress?
        var accuracy: Double?
    }

    init(jobs: [ScheduledJob], style: Style) {
        self.style = style
        jobCount = jobs.count
        estimate = SweepEstimate(jobs: jobs)
    }

    func begin(store: String) { say("\(jobCount) jobs, recorded in \(store)") }

    // MARK: - Events

    func jobWasDone(_ job: PreparedJob) {
        doneCount += 1
        estimate.skip(job)
        say("\(numbered) \(name(job)): done before")
    }

    func jobIsHeld(_ job: PreparedJob, by runner: String) {
        remove(job)
        estimate.skip(job)
        say("\(name(job)): is being run by \(runner)")
    }

    func jobStarted(_ job: PreparedJob) {
        running.append(RunningJob(job: job))
        draw(force: true)
    }

    func jobIsReady(_ job: PreparedJob, _ start: JobStart) {
        estimate.begin(job, at: start.firstStep)
        if !start.skippedWeights.isEmpty {
            let names = start.skippedWeights.joined(separator: ", ")
            say("\(name(job)): not centralized, since their fan-in is 1: \(names)")
        }
        if start.firstStep > 0 {
            say("\(name(job)): goes on from step \(start.firstStep) of \(start.stepCount)")
        } else if style == .lines {
            say("\(name(job)): started; \(start.data)")
        }
    }

    func jobProgressed(_ job: PreparedJob, _ progress: JobProgress) {
        update(job) { $0.progress = progress }
        estimate.advance(job, to: progress.step)
        draw(force: false)
    }

    func jobMeasured(_ job: PreparedJob, _ measurements: [Training.Measurement]) {
        guard let accuracy = measurements.first(where: { $0.metric == .testAccuracy }) else {
            return
        }
        update(job) { $0.accuracy = accuracy.value }
        estimate.advance(job, to: accuracy.step)
        if style == .lines {
            say(
                "\(name(job)): epoch \(accuracy.epoch), test accuracy "
                    + "\(Units.fixed(accuracy.value, 2)) %, sweep eta \(eta)")
        }
        draw(force: true)
    }

    func jobNoted(_ job: PreparedJob, _ text: String) { complain("\(name(job)): \(text)") }

    func jobCrashed(_ job: PreparedJob, why: String, retryingIn seconds: Double) {
        update(job) { $0.progress = nil }
        complain("\(name(job)): \(why); trying again in \(Units.fixed(seconds, 2)) s")
    }

    func jobStopped(_ job: PreparedJob, at step: Int?) {
        remove(job)
        say("\(name(job)): stopped" + (step.map { " at step \($0), with a checkpoint" } ?? ""))
    }

    func jobEnded(_ job: PreparedJob, _ outcome: JobOutcome) {
        doneCount += 1
        estimate.advance(job, to: job.stepCount)
        let accuracy = running.first { $0.job.id == job.id }?.accuracy
        remove(job)
        let result =
            outcome.state == .diverged
            ? "diverged: the loss became infinite or not a number"
            : accuracy.map { "test accuracy \(Units.fixed($0, 2)) %" } ?? "finished"
        say(
            "\(numbered) \(name(job)): \(result) in \(Units.duration(outcome.seconds)), "
                + "\(Units.fixed(outcome.imagesPerSecond, 0)) images/s")
    }

    /// Many jobs often fail for one reason: it is told in full once.
    func jobFailed(_ job: PreparedJob, why: String) {
        remove(job)
        estimate.skip(job)
        if let first = shownFailures[why] {
            complain("\(name(job)): failed as \(first) did")
        } else {
            shownFailures[why] = name(job)
            complain("\(name(job)): failed: \(why)")
        }
    }

    func end(_ summary: SweepSummary, reportCommand: String) {
        running = []
        let text = SweepSummary.Ending.allCases.filter { summary[$0] > 0 }
            .map { "\(summary[$0]) \($0.rawValue)" }.joined(separator: ", ")
        say("\(text.isEmpty ? "nothing to do" : text); see them with: \(reportCommand)")
        switch summary.stopReason {
        case .interrupted: complain("interrupted; run the same command again to go on")
        case .budgetSpent: complain("the budget is spent; run the same command again to go on")
        case .jobFailed: complain("stopped since a job failed; without --fail-fast others go on")
        case nil: break
        }
    }

    /// The first Ctrl-C: what runs comes to an orderly end, which may take a moment.
    func stopping() {
        guard !running.isEmpty else { return }
        isStopping = true
        say("stopping behind a checkpoint; Ctrl-C again ends at once")
    }

    /// The second one.
    func interrupted() {
        running = []
        complain("interrupted; run the same command again to go on")
    }

    // MARK: - Drawing

    private var numbered: String { "[\(doneCount)/\(jobCount)]" }

    /// Such as 1:20:00 (1:12:00 to 1:31:00).
    private var eta: String {
        guard let left = estimate.remaining() else { return "?" }
        let low = Units.duration(left.low)
        let interval =
            left.high.isFinite ? "\(low) to \(Units.duration(left.high))" : "\(low) or more"
        return "\(Units.duration(left.seconds)) (\(interval))"
    }

    private func name(_ job: PreparedJob) -> String {
        "\(job.fullLabel), seed \(job.specification.seed)"
    }

    private func remove(_ job: PreparedJob) { running.removeAll { $0.job.id == job.id } }

    private func update(_ job: PreparedJob, _ change: (inout RunningJob) -> Void) {
        guard let index = running.firstIndex(where: { $0.job.id == job.id }) else { return }
        change(&running[index])
    }

    private func say(_ line: String) {
        if style == .quiet { return }
        complain(line)
    }

    private func complain(_ line: String) {
        guard style == .live else { return Console.note(line) }
        lastDraw = .now
        live.draw(lines, below: line)
    }

    private func draw(force: Bool) {
        guard style == .live, force || ContinuousClock.now - lastDraw > .milliseconds(200) else {
            return
        }
        lastDraw = .now
        live.draw(lines)
    }

    /// As many running jobs as there is room for, and where the sweep is.
    private var lines: [String] {
        guard !running.isEmpty else { return [] }
        let shown = running.prefix(live.room - 1)
        let rest = running.count - shown.count
        let sweep =
            "sweep \(numbered)  " + (isStopping ? "stopping" : "eta \(eta)")
            + (rest > 0 ? "  (\(rest) more running)" : "")
        return ProgressTable(shown.map(row)).lines(width: live.width) + [sweep]
    }

    private func row(_ running: RunningJob) -> ProgressTable.Row {
        guard let progress = running.progress else {
            return ProgressTable.Row(name: name(running.job), columns: nil)
        }
        return ProgressTable.Row(
            name: name(running.job), epoch: progress.epoch, epochs: progress.epochs,
            loss: progress.loss, imagesPerSecond: progress.imagesPerSecond,
            waitShare: progress.waitShare, secondsLeft: progress.secondsLeft)
    }
}

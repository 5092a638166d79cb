import Checkpoints
import Records
import Training

/// One claimed job: its worker, started again when it crashes, to the end.
struct JobRun {
    let sweep: SweepRunner
    let job: PreparedJob
    let claim: Claim
    /// The GPU that the job was given; nil for a job that computes on the processor.
    let gpu: Int?

    private var threads: Int {
        claim.interruptedThreads ?? sweep.settings.threads(for: job.specification)
    }

    func run() async throws -> SweepSummary.Ending {
        var crashes = CrashCount()
        while true {
            do {
                return try await record(try await train(isFirst: crashes.launches == 0, &crashes))
            } catch is CancellationError {
                try sweep.store.release(claim)
                throw CancellationError()
            } catch StoreError.claimLost {
                await sweep.observer.jobIsHeld(job, by: "another runner, which took it over")
                return .heldElsewhere
            } catch let failure as WorkerFailure {
                guard failure.isCrash, crashes.inARow <= sweep.settings.retryCount else {
                    return try await fail(failure, crashes)
                }
                let seconds = sweep.settings.delaySeconds(afterCrash: crashes.inARow)
                await sweep.observer.jobCrashed(job, why: "\(failure)", retryingIn: seconds)
                await sleep(seconds)
                if sweep.stop.isRaised { return try await giveBack(at: nil) }
            }
        }
    }

    /// How a worker that did not crash ended.
    private enum WorkerEnding {
        case ended(Training.JobOutcome)
        case paused(step: Int)
    }

    private func record(_ ending: WorkerEnding) async throws -> SweepSummary.Ending {
        await sweep.board.remove(claim)
        switch ending {
        case .paused(let step): return try await giveBack(at: step)
        case .ended(let outcome):
            try sweep.store.finish(claim, outcome.completion)
            // Whoever finds them later removes them; they are of no use to anybody.
            try? sweep.files.checkpoints(of: job.id).remove()
            await sweep.observer.jobEnded(job, outcome)
            return outcome.state == .diverged ? .diverged : .finished
        }
    }

    private func giveBack(at step: Int?) async throws -> SweepSummary.Ending {
        try sweep.store.release(claim)
        await sweep.observer.jobStopped(job, at: step)
        return .stopped
    }

    private func fail(_ failure: WorkerFailure, _ crashes: CrashCount) async throws
        -> SweepSummary.Ending
    {
        let message =
            crashes.inARow > 1 ? "\(failure) (\(crashes.inARow) times in a row)" : "\(failure)"
        try sweep.store.finish(claim, JobCompletion(.failed(message: message)))
        await sweep.board.remove(claim)
        await sweep.observer.jobFailed(job, why: message)
        if sweep.settings.failsFast { sweep.stop.raise(.jobFailed) }
        return .failed
    }

    private func sleep(_ seconds: Double) async {
        await withTaskGroup { group in
            group.addTask { try? await Task.sleep(for: .seconds(seconds)) }
            group.addTask { await sweep.stop.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    // MARK: - The worker

    private func train(isFirst: Bool, _ crashes: inout CrashCount) async throws -> WorkerEnding {
        let worker = WorkerProcess(
            executable: sweep.settings.workerExecutable,
            environment: ComputeResources.workerEnvironment(threads: threads, gpu: gpu))
        let (end, firstStep) = (Box<WorkerEnding>(), Box<Int>())
        var failure = WorkerFailure.died(how: "ended without a result", standardError: "")
        do {
            try await worker.run(.train(request), stop: sweep.stop) { reply in
                guard case .event(let event) = reply else { return }
                if case .started(let start) = event { await firstStep.set(start.firstStep) }
                try await take(event, isFirst: isFirst, end)
            }
        } catch let error as WorkerFailure { failure = error }
        // Whoever has said its last word may die as it likes.
        if let ending = await end.value { return ending }
        crashes.add(startedAt: await firstStep.value)
        throw failure
    }

    private func take(_ event: TrainingEvent, isFirst: Bool, _ end: Box<WorkerEnding>) async throws
    {
        switch event {
        case .started(let start): await sweep.observer.jobIsReady(job, start)
        case .restored(let measurements):
            // A new attempt has nothing that could be replaced.
            if claim.isContinued || !isFirst || !measurements.isEmpty {
                try sweep.store.restore(measurements.map(\.metricValue), for: claim)
            }
        case .progressed(let progress):
            await sweep.board.show(progress, of: claim)
            await sweep.observer.jobProgressed(job, progress)
        case .measured(let measurements):
            try sweep.store.record(measurements.map(\.metricValue), for: claim)
            await sweep.observer.jobMeasured(job, measurements)
        case .noted(let text): await sweep.observer.jobNoted(job, text)
        case .paused(let step): await end.set(.paused(step: step))
        case .ended(let outcome): await end.set(.ended(outcome))
        }
    }

    private var request: TrainRequest {
        TrainRequest(
            job: EngineJob(job.specification, backend: job.backend, threads: threads),
            dataRoot: job.dataRoot, cacheFolder: job.cacheFolder,
            loaderThreads: sweep.settings.loaderThreads, pretrained: job.weights?.request,
            checkpoints: CheckpointRequest(
                job: job.id, folder: sweep.files.checkpoints(of: job.id).path,
                seconds: sweep.settings.checkpointSeconds),
            weights: sweep.settings.keepsWeights
                ? WeightsRequest(job: job.id, path: sweep.files.weights(of: job.id)) : nil)
    }
}

/// Crashes without any progress between them; getting further starts the count anew.
private struct CrashCount {
    private(set) var launches = 0
    private(set) var inARow = 0
    private var furthestStart = -1

    /// - Parameter step: where the worker that crashed had started; nil if it did not come so far.
    mutating func add(startedAt step: Int?) {
        launches += 1
        if let step, step > furthestStart {
            inARow = 0
            furthestStart = step
        }
        inARow += 1
    }
}

extension Measurement {
    var metricValue: MetricValue {
        MetricValue(metric.rawValue, epoch: epoch, step: step, value: value)
    }
}

extension Training.JobOutcome {
    fileprivate var completion: JobCompletion {
        JobCompletion(
            state == .finished
                ? .finished : .diverged(message: "the loss became infinite or not a number"),
            weightsDigest: weightsDigest, imagesPerSecond: imagesPerSecond)
    }
}

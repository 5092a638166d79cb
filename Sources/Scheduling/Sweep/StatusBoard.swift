import Records
import Training

/// What running jobs last said, written to the store once a second for those who watch it.
actor StatusBoard {
    private let store: Store
    private var fresh: [String: (claim: Claim, state: RunningState)] = [:]

    init(store: Store) { self.store = store }

    func show(_ progress: JobProgress, of claim: Claim) {
        fresh[claim.job] = (claim, RunningState(progress))
    }

    func remove(_ claim: Claim) { fresh[claim.job] = nil }

    /// Runs until it is cancelled. A store that is busy or full is not worth a word here: what
    /// must be recorded says so itself.
    func keepUpToDate() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            guard !fresh.isEmpty else { continue }
            try? store.show(Array(fresh.values))
            fresh = [:]
        }
    }
}

extension RunningState {
    init(_ progress: JobProgress) {
        self.init(
            epoch: progress.epoch, epochs: progress.epochs, step: progress.step,
            stepCount: progress.stepCount, loss: progress.loss,
            imagesPerSecond: progress.imagesPerSecond, waitShare: progress.waitShare,
            secondsLeft: progress.secondsLeft)
    }
}

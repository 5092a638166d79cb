import GRDB

extension Store {
    /// Says where running attempts are, for those who watch from outside.
    public func show(_ progress: [(claim: Claim, state: RunningState)]) throws(StoreError) {
        try writeSoon { database in
            let statement = try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO progress (attempt, epoch, epochs, step, stepCount, loss,
                        imagesPerSecond, waitShare, secondsLeft)
                    SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM attempt
                    WHERE id = ? AND state = 'running'
                    """)
            for (claim, state) in progress {
                try statement.execute(arguments: [
                    state.epoch, state.epochs, state.step, state.stepCount, finite(state.loss),
                    finite(state.imagesPerSecond), finite(state.waitShare),
                    state.secondsLeft.flatMap(finite), claim.attempt,
                ])
            }
        }
    }

    /// The attempts that run now, each where its runner last said; by job.
    public func running() throws(StoreError) -> [String: RunningState] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT attempt.job, progress.*
                    FROM progress JOIN attempt ON attempt.id = progress.attempt
                    WHERE attempt.superseded = 0 AND attempt.state = 'running'
                    """)
            return Dictionary(
                rows.map { ($0["job"] as String, RunningState($0)) }, uniquingKeysWith: { $1 })
        }
    }

    func forgetProgress(_ attempt: Int64, _ database: Database) throws {
        try database.execute(sql: "DELETE FROM progress WHERE attempt = ?", arguments: [attempt])
    }

    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
}

/// Where a running attempt is.
public struct RunningState: Hashable, Sendable {
    public let epoch: Int
    public let epochs: Int
    public let step: Int
    public let stepCount: Int
    /// NaN where it is none.
    public let loss: Double
    public let imagesPerSecond: Double
    /// The share of time spent waiting for images.
    public let waitShare: Double
    public let secondsLeft: Double?

    public init(
        epoch: Int, epochs: Int, step: Int, stepCount: Int, loss: Double, imagesPerSecond: Double,
        waitShare: Double, secondsLeft: Double?
    ) {
        self.epoch = epoch
        self.epochs = epochs
        self.step = step
        self.stepCount = stepCount
        self.loss = loss
        self.imagesPerSecond = imagesPerSecond
        self.waitShare = waitShare
        self.secondsLeft = secondsLeft
    }

    init(_ row: Row) {
        self.init(
            epoch: row["epoch"], epochs: row["epochs"], step: row["step"],
            stepCount: row["stepCount"], loss: row["loss"] ?? .nan,
            imagesPerSecond: row["imagesPerSecond"] ?? .nan, waitShare: row["waitShare"] ?? .nan,
            secondsLeft: row["secondsLeft"])
    }
}

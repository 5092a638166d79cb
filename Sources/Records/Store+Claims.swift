import Foundation
import GRDB

extension Store {
    /// Asks for a job. Whatever happens, one runner has it and no other.
    ///
    /// A job whose runner died or stopped is taken over: its attempt continues; what was measured
    /// stays until `restore` replaces it by what its checkpoint has. A failed job gets a new
    /// attempt.
    ///
    /// - Parameters:
    ///   - fresh: starts another attempt even if there is a result, which is then superseded.
    ///   - environment: where it will run; the threads of an interrupted attempt are kept.
    public func claim(
        _ job: String, fresh: Bool = false, in environment: AttemptEnvironment? = nil
    ) throws(StoreError) -> ClaimAnswer {
        try writeSoon { database in
            let answer = try answer(job, isFresh: fresh, database)
            if case .claimed(let claim) = answer {
                if let environment { try describe(claim, as: environment, database) }
                try seal(attempt: claim.attempt, database)
            }
            return answer
        }
    }

    private func answer(_ job: String, isFresh: Bool, _ database: Database) throws -> ClaimAnswer {
        let runner = try renewLease(database)
        guard let current = try CurrentAttempt(of: job, database) else {
            try requireJob(job, database)
            return .claimed(try start(job, runner, database))
        }
        switch current.state {
        case .running:
            if let holder = current.holder, isAlive(holder) { return .held(holder.identity) }
            return .claimed(try takeOver(current, runner, database))
        case .interrupted, .planned:
            return .claimed(try takeOver(current, runner, database))
        case .finished, .diverged:
            guard isFresh else { return .done(current.state) }
            try supersede(current, database)
            return .claimed(try start(job, runner, database))
        case .failed:
            try supersede(current, database)
            return .claimed(try start(job, runner, database))
        }
    }

    /// Gives a job back unfinished, as Ctrl-C does; the next run continues it.
    public func release(_ claim: Claim) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: """
                    UPDATE attempt SET state = 'interrupted', runner = NULL
                    WHERE id = ? AND runner = ?
                    """,
                arguments: [claim.attempt, try renewLease(database)])
            try requireChange(database, claim)
            try forgetProgress(claim.attempt, database)
            try seal(attempt: claim.attempt, database)
        }
    }

    /// A sign of life for runners on other machines; needed every minute while nothing is written.
    public func renewLease() throws(StoreError) {
        _ = try writeSoon(renewLease)
    }

    /// This runner's key in the store.
    ///
    /// A sign of life from the future is moved to now: a clock stepped back since, here or there.
    /// A runner that lives will give another one before its lease runs out, whatever its clock
    /// says; one that is gone keeps its jobs no longer than any other.
    func renewLease(_ database: Database) throws -> Int64 {
        let now = now().timeIntervalSince1970
        try database.execute(sql: "UPDATE runner SET seen = ?1 WHERE seen > ?1", arguments: [now])
        return try Int64.fetchOne(
            database,
            sql: """
                INSERT INTO runner (host, place, process, startTicks, seen) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (place, process, startTicks) DO UPDATE SET seen = excluded.seen
                RETURNING id
                """,
            arguments: [
                runner.host, runner.place, runner.process, runner.startTicks, now,
            ]) ?? 0
    }

    /// Throws when the last statement changed nothing because the claim is not ours any more.
    func requireChange(_ database: Database, _ claim: Claim) throws {
        if database.changesCount == 0 { throw StoreError.claimLost(job: claim.job) }
    }

    func isAlive(_ holder: Holder) -> Bool {
        holder.identity.isAlive(seenFrom: runner)
            ?? (now().timeIntervalSince1970 - holder.seen < Self.leaseSeconds)
    }

    private func requireJob(_ job: String, _ database: Database) throws {
        let isThere = try Bool.fetchOne(
            database, sql: "SELECT count(*) FROM job WHERE id = ?", arguments: [job])
        if isThere != true { throw StoreError.unknownJob(job) }
    }

    private func start(_ job: String, _ runner: Int64, _ database: Database) throws -> Claim {
        let number =
            try Int.fetchOne(
                database,
                sql: "SELECT coalesce(max(number), 0) + 1 FROM attempt WHERE job = ?",
                arguments: [job]) ?? 1
        try database.execute(
            sql: """
                INSERT INTO attempt (job, number, state, runner, started, uid)
                VALUES (?, ?, 'running', ?, ?, ?)
                """,
            arguments: [job, number, runner, timestamp, UUID().uuidString.lowercased()])
        return Claim(
            job: job, attempt: database.lastInsertedRowID, number: number, interruptedThreads: nil,
            isContinued: false)
    }

    private func takeOver(_ current: CurrentAttempt, _ runner: Int64, _ database: Database) throws
        -> Claim
    {
        try database.execute(
            sql: "UPDATE attempt SET state = 'running', runner = ? WHERE id = ?",
            arguments: [runner, current.id])
        return Claim(
            job: current.job, attempt: current.id, number: current.number,
            interruptedThreads: current.threads, isContinued: true)
    }

    private func supersede(_ current: CurrentAttempt, _ database: Database) throws {
        try database.execute(
            sql: "UPDATE attempt SET superseded = 1 WHERE id = ?", arguments: [current.id])
    }
}

/// Who holds a running attempt.
struct Holder {
    let identity: RunnerIdentity
    /// Its last sign of life, in seconds since 1970.
    let seen: Double

    /// nil when the row has no runner.
    init?(_ row: Row) {
        guard let place: String = row["place"] else { return nil }
        identity = RunnerIdentity(
            host: row["host"], place: place, process: row["process"],
            startTicks: row["startTicks"])
        seen = row["seen"]
    }
}

/// The attempt of a job that counts.
private struct CurrentAttempt {
    let id: Int64
    let job: String
    let number: Int
    let state: JobState
    let threads: Int?
    let holder: Holder?

    init?(of job: String, _ database: Database) throws {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT attempt.*, runner.host, runner.place, runner.process, runner.startTicks,
                    runner.seen
                FROM attempt LEFT JOIN runner ON runner.id = attempt.runner
                WHERE attempt.job = ? AND attempt.superseded = 0
                """,
            arguments: [job])
        guard let row, let state = JobState(rawValue: row["state"]) else { return nil }
        id = row["id"]
        self.job = job
        number = row["number"]
        self.state = state
        threads = row["threads"]
        holder = Holder(row)
    }
}

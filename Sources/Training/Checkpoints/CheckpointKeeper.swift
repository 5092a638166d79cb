public import Checkpoints
import Tensors

/// Keeps the checkpoints of one job: finds the newest whole one, writes others in its turn.
///
/// A class because it holds the lock on the job's folder until it is gone.
public final class CheckpointKeeper {
    /// Where training goes on; nil to begin at the start.
    public let found: Checkpoint?
    public let progress: TrainingProgress
    /// What a reader of the log should know about the files that were found.
    public let notes: [String]

    private let folder: CheckpointFolder
    private let lock: FolderLock
    private let job: String
    private let engine: String
    private var slot: CheckpointFolder.Slot
    private var cadence: CheckpointCadence

    /// How long a worker of a runner that died may take to notice.
    private static let patienceSeconds = 20.0

    /// - Parameter engine: names what computes; checkpoints of another engine are not gone on from.
    /// - Throws: ``DiskError`` when the folder cannot be made, ``HeldFolder`` when another process
    ///   works in it.
    public init(_ request: CheckpointRequest, engine: String) throws {
        folder = CheckpointFolder(path: request.folder)
        try folder.make()
        lock = try FolderLock(folder: request.folder, waitingSeconds: Self.patienceSeconds)
        job = request.job
        self.engine = engine
        cadence = CheckpointCadence(seconds: request.seconds)
        let contents = folder.contents()
        slot = contents.nextSlot
        let reading = Reading(contents, job: request.job, engine: engine)
        (found, progress, notes) = (reading.checkpoint, reading.progress, reading.notes)
    }

    func isDue(atEpochEnd: Bool) -> Bool { cadence.isDue(atEpochEnd: atEpochEnd) }

    /// Writes a checkpoint.
    ///
    /// - Returns: what went wrong; training goes on, since a full disk costs no more than the time
    ///   since the checkpoint before.
    func write(_ progress: TrainingProgress, step: Int, tensors: [String: HostTensor]) -> String? {
        let watch = Stopwatch()
        defer { cadence.wrote(in: watch.seconds) }
        do {
            let checkpoint = Checkpoint(
                job: job, step: step, engine: engine, progress: try WorkerCoding.line(progress),
                tensors: tensors)
            try folder.write(checkpoint, to: slot)
            slot = slot.next
            return nil
        } catch {
            return "no checkpoint at step \(step): \(error); training goes on"
        }
    }
}

extension CheckpointFolder.Slot {
    fileprivate var next: CheckpointFolder.Slot {
        switch self {
        case .first: .second
        case .second: .first
        }
    }
}

/// What the files of a folder mean for a job.
private struct Reading {
    var checkpoint: Checkpoint?
    var progress = TrainingProgress.start
    var notes: [String]

    init(_ contents: CheckpointFolder.Contents, job: String, engine: String) {
        notes = contents.damage.map { "a checkpoint is damaged and not used: \($0)" }
        guard let newest = contents.newest else {
            if !notes.isEmpty { notes.append("no checkpoint is whole: starting over") }
            return
        }
        guard newest.job == job else {
            notes.append("the checkpoint belongs to job \(newest.job): starting over")
            return
        }
        guard newest.engine == engine else {
            notes.append(
                "the checkpoint was computed by another engine (\(newest.engine); this is "
                    + "\(engine)), which rounds differently: starting over")
            return
        }
        guard let progress = try? WorkerCoding.value(TrainingProgress.self, from: newest.progress)
        else {
            notes.append("the checkpoint is of another version of the program: starting over")
            return
        }
        (checkpoint, self.progress) = (newest, progress)
    }
}

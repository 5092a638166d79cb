/// Why the store cannot be used. Each says what is wrong, where, and what to do next.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(path: String)
    /// The file is something else, or a store so damaged that it is no longer one.
    case notAStore(path: String, reason: String)
    /// Written by a newer gc-bench. Nothing was changed.
    case newer(path: String, version: Int, supported: Int)
    /// Written by an older gc-bench and opened only for reading.
    case older(path: String, version: Int, supported: Int)
    case damaged(path: String, reason: String)
    case unwritable(path: String, reason: String)
    case unreadable(path: String, reason: String)
    /// The file would lie where neither its locks nor its log are safe.
    case onNetwork(path: String, fileSystem: String)
    case diskFull(path: String)
    /// Another process kept the store locked for longer than anyone should.
    case busy(path: String)
    case unknownJob(String)
    /// Another runner took the job over, or it was finished already: what was to be written is not.
    case claimLost(job: String)
    /// The store refused what was to be written: our own mistake.
    case refused(path: String, reason: String)

    public var description: String {
        switch self {
        case .missing(let path):
            "\(path): there is no store yet. `gc-bench run SPEC` makes one; --db names another."
        case .notAStore(let path, let reason):
            "\(path): not a gc-bench store: \(reason). Name another file with --db, or move it away."
        case .newer(let path, let version, let supported):
            """
            \(path): made by a newer gc-bench (store version \(version), this one reads \
            \(supported)). It was left untouched; use that gc-bench, or another file with --db.
            """
        case .older(let path, let version, let supported):
            """
            \(path): made by an older gc-bench (store version \(version), this one reads \
            \(supported)) and cannot be brought up to date because it is read-only. Copy it \
            somewhere writable and name the copy with --db.
            """
        case .damaged(let path, let reason):
            """
            \(path): the store is damaged: \(reason). Keep the file, restore a copy, or rescue \
            its rows with `sqlite3 \(path) .recover`.
            """
        case .unwritable(let path, let reason):
            "\(path): cannot be written: \(reason). Name a writable place with --db."
        case .unreadable(let path, let reason):
            "\(path): cannot be read: \(reason). Check its permissions, or name another with --db."
        case .onNetwork(let path, let fileSystem):
            """
            \(path): lies on a network file system (\(fileSystem)), where SQLite's locks cannot be \
            relied on. Name a place on a local disk with --db, and bring the results together \
            with `gc-bench merge`. If no other machine writes this store, --allow-network-store.
            """
        case .diskFull(let path):
            "\(path): the disk is full. Free some space and run the same command again."
        case .busy(let path):
            """
            \(path): locked by another process. If no gc-bench is running, find the process with \
            `fuser \(path)`, end it and try again.
            """
        case .unknownJob(let job):
            "job \(job) is not in the store. `gc-bench plan SPEC` lists the jobs of a spec."
        case .claimLost(let job):
            "job \(job) is no longer held by this runner: another one has taken it over."
        case .refused(let path, let reason):
            "\(path): the store refused a row: \(reason). Please report this; nothing was written."
        }
    }
}

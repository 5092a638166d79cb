import GRDB

extension StoreError {
    /// Turns SQLite's result codes into what they mean to a user.
    init(_ error: any Error, path: String) {
        if let error = error as? StoreError {
            self = error
            return
        }
        guard let error = error as? DatabaseError else {
            self = .refused(path: path, reason: "\(error)")
            return
        }
        let reason = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_NOTADB:
            self = .notAStore(path: path, reason: "it is not a SQLite database")
        case .SQLITE_CORRUPT:
            self = .damaged(path: path, reason: reason)
        case .SQLITE_FULL:
            self = .diskFull(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self = .busy(path: path)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_CANTOPEN, .SQLITE_AUTH:
            self = .unwritable(path: path, reason: reason)
        case .SQLITE_IOERR where Self.writing.contains(error.extendedResultCode):
            self = .unwritable(
                path: path, reason: "the disk takes no more (\(reason)): full, or over a quota")
        case .SQLITE_IOERR:
            self = .damaged(path: path, reason: "the disk reports an error (\(reason))")
        default:
            // SQLite's codes are an open set; all others mean that our statement was wrong.
            self = .refused(path: path, reason: reason)
        }
    }

    /// Input and output that failed while writing.
    private static let writing: [ResultCode] = [
        .SQLITE_IOERR_WRITE, .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC,
        .SQLITE_IOERR_TRUNCATE, .SQLITE_IOERR_SHMSIZE, .SQLITE_IOERR_SHMMAP,
    ]
}

import Foundation
import Training

/// Writes replies to standard output, a line each.
struct Replies: Sendable {
    /// A reader that has gone away ends the process through SIGPIPE: nobody wants the answer.
    func send(_ reply: WorkerReply) throws {
        FileHandle.standardOutput.write(Data((try WorkerCoding.line(reply) + "\n").utf8))
    }
}

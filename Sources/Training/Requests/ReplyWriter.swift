public import Foundation

/// Writes replies to standard output, a line each, from a thread of its own: a training thread
/// that has something to say does not wait for its encoding, nor for a reader that is slow.
///
/// `@unchecked Sendable`: what changes is read and written only under `condition`.
public final class ReplyWriter: @unchecked Sendable {
    private let condition = NSCondition()
    private var waiting: [WorkerReply] = []
    private var isWriting = false
    private let output: FileHandle

    public init(to output: FileHandle = .standardOutput) {
        self.output = output
        let thread = Thread { self.write() }
        thread.name = "replies"
        thread.start()
    }

    public func send(_ reply: WorkerReply) {
        let mayBeAsleep = condition.withLock {
            waiting.append(reply)
            return waiting.count == 1
        }
        // Outside the lock, so that who wakes up need not wait for it; and only where somebody may
        // sleep, since waking is what costs.
        if mayBeAsleep { condition.signal() }
    }

    /// Returns once everything is written.
    public func flush() {
        condition.withLock { while isWriting || !waiting.isEmpty { condition.wait() } }
    }

    private func write() {
        while true {
            for reply in next() {
                // A reader that has gone away ends the process through SIGPIPE: nobody wants the
                // answer. What cannot be encoded would be our own mistake; it is told as such.
                let line =
                    (try? WorkerCoding.line(reply)) ?? #"{"refused":{"_0":"cannot be encoded"}}"#
                output.write(Data((line + "\n").utf8))
            }
        }
    }

    /// Everything that waits, once something does.
    private func next() -> [WorkerReply] {
        condition.withLock {
            isWriting = false
            condition.broadcast()
            while waiting.isEmpty { condition.wait() }
            isWriting = true
            defer { waiting = [] }
            return waiting
        }
    }
}

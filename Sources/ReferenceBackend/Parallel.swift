import Dispatch

/// Calls `body` with each of `0 ..< count`, several at a time.
///
/// Each call must write to memory of its own: then the order does not matter, and neither does the
/// number of threads.
func concurrently(_ count: Int, _ body: (Int) -> Void) {
    if count == 1 { return body(0) }
    withoutActuallyEscaping(body) { body in
        // Safe: the calls have ended when this function returns, and they share nothing that any
        // of them writes (the condition above).
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: count) { body($0) }
    }
}

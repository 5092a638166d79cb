import Foundation

/// A line on a terminal that says how much of something is done; silent elsewhere.
///
/// `@unchecked Sendable`: the time of the last line is only touched under the lock.
final class CountMeter: @unchecked Sendable {
    private let lock = NSLock()
    private let what: String
    private let isVisible = Console.standardErrorIsTerminal
    private var lastShown = ContinuousClock.now
    private var hasShown = false

    init(_ what: String) { self.what = what }

    /// May be called as often as there are things to count, from any thread.
    func show(_ done: Int, of total: Int) {
        guard isVisible else { return }
        lock.withLock {
            let now = ContinuousClock.now
            guard now - lastShown > .milliseconds(200) || done == total else { return }
            lastShown = now
            hasShown = true
            Console.raw("\r\(what): \(Units.grouped(done)) of \(Units.grouped(total))")
        }
    }

    /// Leaves the line.
    func end() {
        lock.withLock { if hasShown { Console.raw("\n") } }
    }
}

import Dispatch
import Foundation
import Synchronization

/// Turns Ctrl-C and a polite kill into calls: one for the first, another for every later one.
struct TerminationSignals {
    private let sources: [any DispatchSourceSignal]

    init(first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void) {
        let count = Counter()
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { count.next() == 1 ? first() : second() }
            source.resume()
            return source
        }
    }

    func stop() { for source in sources { source.cancel() } }

    private final class Counter: Sendable {
        private let value = Atomic(0)

        func next() -> Int { value.add(1, ordering: .relaxed).newValue }
    }
}

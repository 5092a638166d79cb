import Foundation

/// Work on many items at once, on all cores.
enum Parallel {
    /// The results in the order of the items.
    static func map<Item: Sendable, Result: Sendable>(
        _ items: [Item], chunk: Int, _ transform: @Sendable (Item) -> Result
    ) -> [Result] {
        map(items, chunk: chunk, worker: {}) { _, item in transform(item) }
    }

    /// The same with a worker for each chunk, which no other thread uses.
    static func map<Item: Sendable, Worker, Result: Sendable>(
        _ items: [Item], chunk: Int, worker: @Sendable () -> Worker,
        _ transform: @Sendable (Worker, Item) -> Result
    ) -> [Result] {
        let chunkCount = (items.count + chunk - 1) / chunk
        var results = [[Result]](repeating: [], count: chunkCount)
        results.withUnsafeMutableBufferPointer { buffer in
            // Each iteration writes its own element, and all are done when the call returns.
            nonisolated(unsafe) let buffer = buffer
            DispatchQueue.concurrentPerform(iterations: chunkCount) { index in
                let worker = worker()
                let range = index * chunk..<min(items.count, (index + 1) * chunk)
                buffer[index] = range.map { transform(worker, items[$0]) }
            }
        }
        return results.flatMap(\.self)
    }
}

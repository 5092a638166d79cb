import Foundation
import Tensors

/// The memory of a fixed number of batches, and the protocol by which workers fill them and one
/// consumer empties them, in order.
///
/// Ticket `t` is the batch that lies `t` after the start. It lives in slot `t mod depth`. A worker
/// claims a ticket once ticket `t - depth` is released, fills the slot and publishes it; the consumer
/// waits for the next ticket in order, reads the slot and releases it.
///
/// `@unchecked Sendable`: `claimed`, `released`, `states` and the other counters are read and written
/// only under `condition`. A slot's memory is written by the one worker that claimed its ticket, only
/// between claim and publication, and is read by the one consumer, only between publication and
/// release; each of these transitions passes the lock, which orders the accesses.
final class BatchRing: @unchecked Sendable {
    private enum State {
        case empty
        case full
        case failed(any Error)
    }

    /// The memory of one batch.
    struct Slot {
        let images: UnsafeMutableRawBufferPointer
        let labels: UnsafeMutableBufferPointer<Int64>
        let indices: UnsafeMutableBufferPointer<Int32>
    }

    private let condition = NSCondition()
    private let slots: [Slot]
    private var states: [State]
    private var claimed = 0
    private var released = 0
    private var isStopped = false
    private var workerCount = 0

    /// - Parameter imageByteCount: of a whole batch.
    init(depth: Int, batchSize: Int, imageByteCount: Int) {
        slots = (0..<depth).map { _ in
            Slot(
                images: .allocate(byteCount: imageByteCount, alignment: 64),
                labels: .allocate(capacity: batchSize), indices: .allocate(capacity: batchSize))
        }
        states = Array(repeating: .empty, count: depth)
        for slot in slots {  // touches every page, so that no later step faults
            slot.images.initializeMemory(as: UInt8.self, repeating: 0)
            slot.labels.initialize(repeating: 0)
            slot.indices.initialize(repeating: 0)
        }
    }

    deinit {
        for slot in slots {
            slot.images.deallocate()
            slot.labels.deallocate()
            slot.indices.deallocate()
        }
    }
}

// MARK: - The workers' side

extension BatchRing {
    /// Fills the slot of a ticket.
    typealias Fill = (Int, Slot) throws -> Void

    /// Starts a thread that fills slots until the ring is stopped.
    ///
    /// - Parameter makeFill: is called once, on the thread, whose own the result is.
    func startWorker(_ name: String, makeFill: @escaping @Sendable () -> Fill) {
        condition.withLock { workerCount += 1 }
        let thread = Thread { self.work(makeFill()) }
        thread.name = name
        thread.start()
    }

    private func work(_ fill: Fill) {
        while let ticket = claim() {
            do {
                try fill(ticket, slots[ticket % slots.count])
                publish(ticket, .full)
            } catch {
                publish(ticket, .failed(error))
            }
        }
        condition.withLock {
            workerCount -= 1
            condition.broadcast()
        }
    }

    /// The next ticket, once its slot is free; nil once the ring is stopped.
    private func claim() -> Int? {
        condition.withLock {
            while !isStopped, claimed >= released + slots.count { condition.wait() }
            if isStopped { return nil }
            defer { claimed += 1 }
            return claimed
        }
    }

    private func publish(_ ticket: Int, _ state: State) {
        condition.withLock {
            states[ticket % slots.count] = state
            condition.broadcast()
        }
    }
}

// MARK: - The consumer's side

extension BatchRing {
    /// The slot of the next ticket, once it is full. It is the consumer's until `release`.
    ///
    /// - Throws: what the worker threw; the ticket is then released already.
    func next() throws -> Slot {
        try condition.withLock {
            while true {
                let slot = released % slots.count
                switch states[slot] {
                case .empty: condition.wait()
                case .full: return slots[slot]
                case .failed(let error):
                    releaseLocked()
                    throw error
                }
            }
        }
    }

    /// Gives the slot of the last `next` back to the workers.
    func release() { condition.withLock { releaseLocked() } }

    private func releaseLocked() {
        states[released % slots.count] = .empty
        released += 1
        condition.broadcast()
    }

    /// Stops the workers and waits until all are done. A worker finishes the batch it is at.
    func stop() {
        condition.withLock {
            isStopped = true
            condition.broadcast()
            while workerCount > 0 { condition.wait() }
        }
    }
}

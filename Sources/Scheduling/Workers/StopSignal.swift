import Synchronization

/// Asks everything that runs to come to an orderly end: workers write a checkpoint and stop, and
/// nothing new is started. A class because many tasks wait for the one signal.
public final class StopSignal: Sendable {
    /// Why, in the order of weight: the first reason stays.
    public enum Reason: Hashable, Sendable {
        case interrupted
        case budgetSpent
        case jobFailed
    }

    private struct State {
        var reason: Reason?
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    public init() {}

    /// nil until it is raised.
    public var reason: Reason? { state.withLock { $0.reason } }

    public var isRaised: Bool { reason != nil }

    public func raise(_ reason: Reason) {
        let waiting = state.withLock { state in
            if state.reason == nil { state.reason = reason }
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns once the signal is raised or the task is cancelled.
    public func wait() async {
        let key = state.withLock { state in
            state.count += 1
            return state.count
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.reason != nil || Task.isCancelled { return true }
                    state.waiting[key] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: key) }?.resume()
        }
    }
}

import Foundation
import Subprocess
public import SystemPackage
public import Training

/// Why a worker did not do what was asked.
public enum WorkerFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The request cannot be carried out; the text is the worker's own and meant for the user.
    case refused(String)
    /// The process ended without an answer; what it wrote to standard error is the best hint.
    case died(how: String, standardError: String)
    case notStarted(executable: String, why: String)
    case unreadable(line: String)

    /// Whether trying again may help.
    var isCrash: Bool {
        switch self {
        case .died: true
        case .refused, .notStarted, .unreadable: false
        }
    }

    public var description: String {
        switch self {
        case .refused(let message): message
        case .died(let how, let standardError):
            "the worker process \(how)" + (standardError.isEmpty ? "" : ":\n\(standardError)")
        case .notStarted(let executable, let why):
            "cannot start \(executable): \(why); it is built beside gc-bench and belongs there"
        case .unreadable(let line): "the worker said something that is no reply: \(line)"
        }
    }
}

/// A child process that computes: one request in, replies out, a line each.
///
/// The child's standard input stays open while this process lives. Its end tells an orphan to stop,
/// so no worker outlives its runner.
public struct WorkerProcess: Sendable {
    public let executable: FilePath
    /// Variables that a compute library reads when it is loaded.
    public let environment: [String: String]

    public init(executable: FilePath, environment: [String: String]) {
        self.executable = executable
        self.environment = environment
    }

    /// Runs one request and hands each reply to `receive` in order.
    ///
    /// Cancelling the task ends the process.
    ///
    /// - Parameter stop: once raised, the worker is asked to stop behind a checkpoint.
    public func run(
        _ request: WorkerRequest, stop: StopSignal? = nil,
        receive: @Sendable (WorkerReply) async throws -> Void
    ) async throws {
        Self.ignoreBrokenPipes
        let line = try WorkerCoding.line(request) + "\n"
        let result: ExecutionResult<String, SequenceOutput, SequenceOutput>
        do {
            result = try await Subprocess.run(
                .path(executable), environment: .inherit.updating(changes), input: .inputWriter,
                output: .sequence, error: .sequence
            ) { execution in
                // A worker that was killed already takes no request; how it ended says the rest.
                _ = try? await execution.standardInputWriter.write(line)
                async let complaint = Self.tail(of: execution.standardError)
                async let _ = Self.ask(execution.standardInputWriter, toStopAt: stop)
                for try await line in execution.standardOutput.strings(bufferingPolicy: .unbounded)
                {
                    try await receive(try Self.reply(line))
                }
                // Leaving the scope cancels the wait for the signal.
                return await complaint
            }
        } catch let error as SubprocessError {
            if Task.isCancelled { throw CancellationError() }
            throw WorkerFailure.notStarted(executable: executable.string, why: "\(error)")
        }
        try Task.checkCancellation()
        guard result.terminationStatus.isSuccess else {
            throw WorkerFailure.died(
                how: "\(result.terminationStatus)", standardError: result.closureResult)
        }
    }

    /// Talking to a worker that was killed is an error to be told, not a reason to die with it.
    private static let ignoreBrokenPipes: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    private var changes: [Environment.Key: String?] {
        Dictionary(
            uniqueKeysWithValues: environment.map {
                (Environment.Key(stringLiteral: $0), $1 as String?)
            })
    }

    /// Passes a stop on. A worker that is gone meanwhile needs no asking.
    private static func ask(_ worker: StandardInputWriter, toStopAt stop: StopSignal?) async {
        await stop?.wait()
        guard stop?.isRaised == true, !Task.isCancelled else { return }
        _ = try? await worker.write(WorkerRequest.stopLine + "\n")
    }

    private static func reply(_ line: String) throws -> WorkerReply {
        guard let reply = try? WorkerCoding.value(WorkerReply.self, from: line) else {
            throw WorkerFailure.unreadable(line: line)
        }
        if case .refused(let message) = reply { throw WorkerFailure.refused(message) }
        return reply
    }

    /// The last few thousand characters of a stream.
    private static func tail(of stream: SubprocessOutputSequence) async -> String {
        var text = ""
        do {
            for try await line in stream.strings() {
                text = String((text + line + "\n").suffix(4_000))
            }
        } catch { return text }
        return text.trimmingSuffix(while: \.isNewline)
    }
}

extension String {
    fileprivate func trimmingSuffix(while predicate: (Character) -> Bool) -> String {
        var text = self[...]
        while let last = text.last, predicate(last) { text.removeLast() }
        return String(text)
    }
}

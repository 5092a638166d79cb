import ArgumentParser
import Foundation
import Tensors

/// The two streams: results on standard output, everything else on standard error.
enum Console {
    static func print(_ text: String) {
        write(text.hasSuffix("\n") ? text : text + "\n", to: .standardOutput)
    }

    static func note(_ text: String) { write(text + "\n", to: .standardError) }

    static func raw(_ text: String) { write(text, to: .standardError) }

    static var standardOutputIsTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    static var standardErrorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// A reader that has gone away, as `head` does, wants no more.
    static func write(_ text: String, to handle: FileHandle) {
        do {
            try handle.write(contentsOf: Data(text.utf8))
        } catch { exit(128 + SIGPIPE) }
    }
}

/// How a command ends.
extension ExitCode {
    /// Some job failed.
    static let jobFailed = ExitCode(1)
    /// A mistake in spec, data or store.
    static let mistake = ExitCode(2)
    static let interrupted = ExitCode(130)
}

/// Runs a command's work; any error is one message on standard error and exit code 2.
func reportingMistakes(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let code as ExitCode {
        throw code
    } catch is CancellationError {
        throw ExitCode.interrupted
    } catch let error as CocoaError {
        let path = (error.userInfo[NSFilePathErrorKey] as? String).map { "\($0): " } ?? ""
        Console.note("error: \(path)\(error.systemReason)")
        throw ExitCode.mistake
    } catch {
        let text = "\(error)"
        // Diagnostics of a spec carry their own "error:" behind file, line and column.
        Console.note(text.contains("error: ") ? text : "error: \(text)")
        throw ExitCode.mistake
    }
}

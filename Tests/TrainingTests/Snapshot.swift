import Foundation
import Testing

/// Text that somebody has looked at and committed.
enum Snapshot {
    /// Expects `text` to equal the committed file; a file that is missing is written and fails the
    /// test once, so that it is looked at.
    static func expect(_ text: String, at name: String) throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Snapshots/\(name)")
        guard let expected = try? String(contentsOf: file, encoding: .utf8) else {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
            Issue.record("\(name) was not there; it is now: look at it and commit it")
            return
        }
        guard expected != text else { return }
        let lines = zip(expected.split(separator: "\n"), text.split(separator: "\n"))
        let first = lines.first { $0 != $1 }
        Issue.record(
            "\(name) differs first at: \(first.map { "\($0.0)  became  \($0.1)" } ?? "its end")")
    }
}

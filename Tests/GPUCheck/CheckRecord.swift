import Foundation

/// The checks that are done, a line each in a file: `name`, a tab, the verdict.
final class CheckRecord {
    private let file: FileHandle
    private var verdicts: [String: String] = [:]

    init(path: String) throws {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            if parts.count == 2 { verdicts[parts[0]] = parts[1] }
        }
        if !FileManager.default.fileExists(atPath: path) {
            try Data().write(to: URL(fileURLWithPath: path))
        }
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        _ = try file.seekToEnd()
    }

    var count: Int { verdicts.count }
    var failureCount: Int { verdicts.values.count { $0 != "ok" } }

    func holds(_ name: String) -> Bool { verdicts[name] != nil }

    func keep(_ name: String, _ verdict: String) {
        verdicts[name] = verdict
        let line = verdict.replacing("\n", with: " ").replacing("\t", with: " ")
        try? file.write(contentsOf: Data("\(name)\t\(line)\n".utf8))
    }
}

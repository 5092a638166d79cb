import Foundation

/// The files of the project.
enum Project {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// Files below a folder, with paths from the root.
    static func files(below folder: String, ending: String) throws -> [(path: String, url: URL)] {
        let start = root.appendingPathComponent(folder)
        let names = try FileManager.default.subpathsOfDirectory(atPath: start.path)
        return names.filter { $0.hasSuffix(ending) }.sorted().map {
            ("\(folder)/\($0)", start.appendingPathComponent($0))
        }
    }
}

import Foundation

/// The built program, run as a user runs it.
struct Program {
    struct Answer {
        let output: String
        let error: String
        let code: Int32
    }

    /// A folder of its own for each test, removed when the test ends.
    final class Folder: Sendable {
        let url: URL

        init() throws {
            url = FileManager.default.temporaryDirectory
                .appendingPathComponent("gc-bench-test-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ text: String, to name: String) throws -> String {
            let file = url.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            return file.path
        }
    }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Executables are built beside the test bundle.
    static var executable: URL {
        Bundle.allBundles.lazy.map(\.bundleURL).first { $0.pathExtension == "xctest" }?
            .deletingLastPathComponent().appendingPathComponent("gc-bench")
            ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("gc-bench")
    }

    /// Runs `gc-bench` with these arguments in a folder.
    static func run(_ arguments: [String], in folder: URL = root, input: String = "") throws
        -> Answer
    {
        let running = try start(arguments, in: folder, input: input)
        return running.finish()
    }

    static func start(_ arguments: [String], in folder: URL, input: String = "") throws -> Running {
        try Running(executable, arguments, in: folder, input: input)
    }

    /// Runs a script in the system's shell.
    static func shell(_ script: String, in folder: URL) throws -> Answer {
        try startShell(script, in: folder).finish()
    }

    /// - Parameter environment: variables besides those of the tests.
    static func startShell(
        _ script: String, in folder: URL, environment: [String: String] = [:]
    ) throws -> Running {
        try Running(
            URL(fileURLWithPath: "/bin/sh"), ["-c", script], in: folder, input: "",
            environment: environment)
    }

    /// The living worker processes of a runner, by their parent in /proc/PID/stat.
    static func workers(of parent: Int32) -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { process in
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")"), stat.contains("(gc-bench-worker")
            else { return false }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 1 && fields[0] != "Z" && fields[1] == "\(parent)"
        }
    }

    final class Running {
        let process = Process()
        private let files: [URL]

        fileprivate init(
            _ executable: URL, _ arguments: [String], in folder: URL, input: String,
            environment: [String: String] = [:]
        ) throws {
            // Files, not pipes: output of any length never blocks the program.
            files = try ["out", "err", "in"].map { name in
                let file = FileManager.default.temporaryDirectory
                    .appendingPathComponent("gc-bench-\(UUID().uuidString).\(name)")
                try Data((name == "in" ? input : "").utf8).write(to: file)
                return file
            }
            process.executableURL = executable
            process.arguments = arguments
            process.currentDirectoryURL = folder
            process.environment = ProcessInfo.processInfo.environment
                .merging(environment) { $1 }
            process.standardOutput = try FileHandle(forWritingTo: files[0])
            process.standardError = try FileHandle(forWritingTo: files[1])
            process.standardInput = try FileHandle(forReadingFrom: files[2])
            try process.run()
        }

        func finish() -> Answer {
            process.waitUntilExit()
            defer { for file in files { try? FileManager.default.removeItem(at: file) } }
            return Answer(
                output: text(files[0]), error: text(files[1]), code: process.terminationStatus)
        }

        /// Standard error so far.
        var errorSoFar: String { text(files[1]) }

        private func text(_ file: URL) -> String {
            (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        }
    }
}

import Foundation

/// A report as files: the report itself, and what lies beside it.
public struct ReportFiles: Hashable, Sendable {
    public struct File: Hashable, Sendable {
        public let path: String
        public let text: String
    }

    /// The report first.
    public let files: [File]

    /// - Parameter path: where the report is written; curves of a Markdown report go beside it.
    public init(_ report: Report, _ format: ReportFormat, path: String) {
        guard format == .markdown else {
            files = [File(path: path, text: report.text(format))]
            return
        }
        let place = URL(fileURLWithPath: path)
        let folder = path.contains("/") ? (path as NSString).deletingLastPathComponent + "/" : ""
        let pictures = CurvePicture.all(
            report, beside: place.deletingPathExtension().lastPathComponent)
        files =
            [File(path: path, text: report.markdown(pictures: pictures))]
            + pictures.map { File(path: folder + $0.name, text: $0.content) }
    }
}

/// Where a text that was written down and what follows now part.
public struct TextDifference: Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// From 1.
    public let line: Int
    /// nil where the text is at its end.
    public let written: String?
    public let current: String?

    /// The first line that differs; nil if none does.
    public init?(_ path: String, written: String, current: String) {
        guard written != current else { return nil }
        let (old, new) = (Self.lines(written), Self.lines(current))
        let same = zip(old, new).prefix { $0 == $1 }.count
        self.path = path
        line = same + 1
        self.written = old.dropFirst(same).first
        self.current = new.dropFirst(same).first
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    public var description: String {
        """
        \(path):\(line): no longer follows from the store
        - \(written ?? "(the end)")
        + \(current ?? "(the end)")
        """
    }
}

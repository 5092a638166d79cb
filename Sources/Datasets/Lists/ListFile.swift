import Foundation

/// A text file that lists something line by line, as data sets' authors write them: blank lines,
/// spaces at the ends and carriage returns mean nothing.
struct ListFile: Sendable {
    struct Line: Hashable, Sendable {
        /// Counted from 1, as editors do.
        let number: Int
        let text: Substring
    }

    let path: String
    /// The lines that are not blank, without the blanks around them.
    let lines: [Line]

    /// - Throws: `missingFile`, `unreadableFile`, or `badLine` where the file is no UTF-8 text.
    init(_ name: DatasetName, folder: String, file: String) throws(DatasetError) {
        let path = Files.join(folder, file)
        guard Files.exists(path) else { throw .missingFile(name, path: path) }
        try self.init(try Files.read(path), path: path)
    }

    /// - Parameter path: named in errors.
    init(_ bytes: [UInt8], path: String) throws(DatasetError) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badLine(path: path, line: 1, reason: "the file is not UTF-8 text")
        }
        self.path = path
        lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .enumerated().compactMap { index, line in
                let text = Self.trimmed(line)
                return text.isEmpty ? nil : Line(number: index + 1, text: text)
            }
    }

    func error(_ line: Line, _ reason: String) -> DatasetError {
        .badLine(path: path, line: line.number, reason: reason)
    }

    /// Splits at the first blank: a key and all that follows it.
    func pair(_ line: Line) throws(DatasetError) -> (key: Substring, value: Substring) {
        let key = line.text.prefix { !$0.isWhitespace }
        let value = Self.trimmed(line.text.dropFirst(key.count))
        guard !value.isEmpty else { throw error(line, "expected two columns, found '\(line.text)'") }
        return (key, value)
    }

    /// Lines of a key and a number.
    ///
    /// - Throws: `badLine` for anything else, and for a key that stands there twice.
    func numbers() throws(DatasetError) -> [Substring: Int] {
        var numbers: [Substring: Int] = [:]
        for line in lines {
            let (key, value) = try pair(line)
            guard let number = Int(value) else { throw error(line, "'\(value)' is not a number") }
            guard numbers.updateValue(number, forKey: key) == nil else {
                throw error(line, "'\(key)' is listed twice")
            }
        }
        return numbers
    }

    /// The path of an image, below the folder that its list speaks of.
    ///
    /// - Throws: `badLine` for a path that could lead elsewhere.
    func imagePath(_ text: Substring, below folder: String, _ line: Line) throws(DatasetError)
        -> String
    {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }), !text.contains("\0")
        else { throw error(line, "'\(text)' is not a path below \(folder)") }
        return "\(folder)/\(text)"
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop(while: \.isWhitespace)
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}

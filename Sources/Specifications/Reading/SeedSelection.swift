/// The seeds that `--seeds` names: `0`, `0-4`, `0,2` or a mixture. It never counts.
public enum SeedSelection {
    /// - Throws: ``SpecificationError`` for anything but distinct seeds from 0, or more of them
    ///   than ``largestCount``.
    public static func parse(_ text: String) throws(SpecificationError) -> [Int] {
        let source = SourceText(name: "--seeds", text: text)
        var seeds: [Int] = []
        var column = 1
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let place = SourceLocation(
                source: source, line: 1, column: column, length: part.unicodeScalars.count)
            guard let range = range(part) else {
                throw mistake("expected a seed or a range of seeds, such as 0, 0-4 or 0,2", place)
            }
            guard seeds.count + range.count <= largestCount else {
                throw mistake("at most \(largestCount) seeds are allowed", place)
            }
            if let repeated = range.first(where: Set(seeds).contains) {
                throw mistake("the seed \(repeated) is named twice", place)
            }
            seeds += range
            column += part.unicodeScalars.count + 1
        }
        return seeds
    }

    public static let largestCount = SectionReader.largestSeedCount

    private static func mistake(_ message: String, _ place: SourceLocation) -> SpecificationError {
        SpecificationError([Diagnostic(message, at: place)])
    }

    private static func range(_ part: Substring) -> ClosedRange<Int>? {
        let ends = part.split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.trimmingPrefix(while: \.isWhitespace) }
        guard ends.count <= 2, let first = ends.first.flatMap(seed),
            let last = ends.last.flatMap(seed),
            first <= last
        else { return nil }
        return first...last
    }

    private static func seed(_ text: Substring) -> Int? {
        guard let digits = text.wholeMatch(of: /([0-9]{1,10})\s*/)?.output.1,
            let seed = Int(digits), seed <= Int(Int32.max)
        else { return nil }
        return seed
    }
}

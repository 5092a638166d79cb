import Foundation

/// Columns of text, aligned.
struct TextTable {
    enum Column {
        case left(String)
        case right(String)

        var title: String {
            switch self {
            case .left(let title), .right(let title): title
            }
        }

        func padded(_ text: String, to width: Int) -> String {
            let space = String(repeating: " ", count: max(0, width - text.count))
            switch self {
            case .left: return text + space
            case .right: return space + text
            }
        }
    }

    private let columns: [Column]
    private var rows: [[String]]

    init(_ columns: [Column]) {
        self.columns = columns
        rows = [columns.map(\.title)]
    }

    mutating func add(_ row: [String]) {
        precondition(row.count == columns.count, "a row has \(columns.count) cells")
        rows.append(row)
    }

    var text: String {
        let widths = columns.indices.map { column in
            rows.reduce(0) { max($0, $1[column].count) }
        }
        return rows.map { row in
            var line = zip(columns.indices, row).map {
                columns[$0].padded($1, to: widths[$0])
            }.joined(separator: "  ")
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }.joined(separator: "\n") + "\n"
    }
}

/// Numbers for people.
enum Units {
    static func bytes(_ count: Int) -> String {
        let (kilo, number) = (1024.0, Double(count))
        if number < kilo { return "\(count) B" }
        if number < kilo * kilo { return fixed(number / kilo, 1) + " KiB" }
        if number < kilo * kilo * kilo { return fixed(number / kilo / kilo, 1) + " MiB" }
        return fixed(number / kilo / kilo / kilo, 2) + " GiB"
    }

    static func giga(_ count: Int) -> String { fixed(Double(count) / 1e9, 3) + " G" }

    /// 25,557,032.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(abs(number)))
        let grouped = digits.enumerated().map { index, digit in
            (index > 0 && (digits.count - index) % 3 == 0 ? "," : "") + String(digit)
        }.joined()
        return number < 0 ? "-" + grouped : grouped
    }

    /// Hours, minutes and seconds: 1:02:03, 2:03, 0:03.
    static func duration(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        let tail = rest < 10 ? "0\(rest)" : "\(rest)"
        guard hours > 0 else { return "\(minutes):\(tail)" }
        return "\(hours):\(minutes < 10 ? "0" : "")\(minutes):\(tail)"
    }

    static func fixed(_ number: Double, _ places: Int) -> String {
        guard number.isFinite else { return "\(number)" }
        return String(format: "%.\(places)f", number)
    }
}

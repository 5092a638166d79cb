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

        var isLeft: Bool {
            switch self {
            case .left: true
            case .right: false
            }
        }

        /// Characters; for the usual text of one byte each, without looking for their borders.
        static func width(of text: String) -> Int {
            text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.count
        }

        func padded(_ text: String, to width: Int) -> String {
            let space = String(repeating: " ", count: max(0, width - Self.width(of: text)))
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
            rows.reduce(0) { max($0, Column.width(of: $1[column])) }
        }
        var text = ""
        for row in rows {
            // What is empty at the end needs no spaces before it.
            let end = row.lastIndex { !$0.isEmpty } ?? 0
            for column in 0...end {
                if column > 0 { text += "  " }
                text += columns[column].padded(
                    row[column], to: column == end && columns[column].isLeft ? 0 : widths[column])
            }
            text += "\n"
        }
        return text
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

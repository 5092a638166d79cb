import Testing

/// What a terminal shows of what was written to it, what has scrolled away included; it knows the
/// sequences that gc-bench uses, and any other is a mistake.
struct TerminalScreen {
    private let columns: Int
    private let rows: Int
    private var cells: [[Unicode.Scalar]] = [[]]
    private var row = 0
    private var column = 0
    /// What could be seen before each time that something was erased.
    private(set) var frames: [[String]] = []

    init(columns: Int, rows: Int, showing text: String) {
        (self.columns, self.rows) = (columns, rows)
        var rest = Substring.UnicodeScalarView(text.unicodeScalars)
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\r": column = 0
            case "\n": moveDown()
            case "\u{1B}": obey(&rest)
            default: put(scalar)
            }
        }
    }

    /// Without the spaces at the ends of lines, and without the last, empty line.
    var lines: [String] {
        cells.map(Self.text).reversed().drop(while: \.isEmpty).reversed()
    }

    private static func text(_ line: [Unicode.Scalar]) -> String {
        var text = String.UnicodeScalarView(line)
        while text.last == " " { text.removeLast() }
        return String(text)
    }

    /// The cursor reaches no further up than to the first line that is still on the screen.
    private var top: Int { max(0, cells.count - rows) }

    private mutating func moveDown() {
        row += 1
        if row == cells.count { cells.append([]) }
    }

    private mutating func put(_ scalar: Unicode.Scalar) {
        if column == columns {
            moveDown()
            column = 0
        }
        while cells[row].count <= column { cells[row].append(" ") }
        cells[row][column] = scalar
        column += 1
    }

    private mutating func obey(_ rest: inout Substring.UnicodeScalarView) {
        var sequence = ""
        while let scalar = rest.popFirst() {
            sequence.unicodeScalars.append(scalar)
            if scalar != "[", !("0"..."9").contains(scalar) { break }
        }
        switch (sequence.last, Int(sequence.dropFirst().dropLast())) {
        case ("A", let count): row = max(top, row - (count ?? 1))
        case ("J", nil):
            frames.append(cells[top...].map(Self.text))
            cells.removeSubrange((row + 1)...)
            cells[row] = Array(cells[row].prefix(column))
        default: Issue.record("the sequence ESC \(sequence) is not known")
        }
    }
}

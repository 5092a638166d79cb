import Foundation

/// Lines at the bottom of a terminal that are drawn again in place.
///
/// What is drawn over what was there is one write, so nothing flickers.
struct LiveLines {
    private let stream: FileHandle
    private var drawn: [Int] = []

    init(on stream: FileHandle) { self.stream = stream }

    /// How many lines can be drawn over: all but the one that the cursor stands in.
    var room: Int { max(1, size.rows - 1) }

    /// How wide a line may be without being wrapped.
    var width: Int { max(1, size.columns - 1) }

    /// Puts `lasting` in the place of what was drawn, where it stays, and `lines` below it.
    ///
    /// - Parameter lines: no wider than `width` and no more than `room`; the rest is not shown.
    mutating func draw(_ lines: [String], below lasting: String? = nil) {
        let shown = lines.prefix(room).map { String($0.prefix(width)) }
        let text = erasing + (lasting.map { $0 + "\n" } ?? "") + shown.map { $0 + "\n" }.joined()
        drawn = shown.map(\.count)
        guard !text.isEmpty else { return }
        Console.write(text, to: stream)
    }

    /// To the first drawn line, also when a narrower window wrapped some of them since, or Ctrl-C
    /// left its mark where the cursor stood; and everything below is erased.
    private var erasing: String {
        guard !drawn.isEmpty else { return "" }
        let columns = size.columns
        let rows = drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
        return "\r\u{1B}[\(min(rows, room))A\u{1B}[J"
    }

    /// As the terminal says, or that of old terminals.
    private var size: (columns: Int, rows: Int) {
        var size = winsize()
        let isKnown = ioctl(stream.fileDescriptor, UInt(TIOCGWINSZ), &size) == 0
        guard isKnown, size.ws_col > 0, size.ws_row > 0 else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }
}

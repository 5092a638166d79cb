import Records

/// A panel as SVG: axes, a band and a line for each arm, and the arm's name where its line ends.
///
/// Arms are told apart by colour and by dashes, so that paper without colours will do.
struct LineChart {
    private let panel: CurvePanel
    private let x: ChartScale
    private let y: ChartScale

    static let size = (width: 400.0, height: 260.0)
    private static let frame = (left: 46.0, right: 340.0, top: 14.0, bottom: 222.0)

    init(_ panel: CurvePanel) {
        self.panel = panel
        let points = panel.lines.flatMap(\.points)
        let frame = Self.frame
        x = ChartScale(
            points.map { Double($0.epoch) }, from: frame.left, to: frame.right, isWhole: true)
        y = ChartScale(
            points.flatMap { [$0.lowest, $0.highest] }, from: frame.bottom, to: frame.top)
    }

    /// The picture to be put into a page, whose style names its colours.
    var svg: String {
        """
        <svg viewBox="0 0 \(Self.text(Self.size.width)) \(Self.text(Self.size.height))" \
        role="img" aria-label="\(HTML.escaped(description))">
        \(drawing)
        </svg>
        """
    }

    /// The picture as a file of its own, under a heading.
    var file: String {
        let (width, height) = (Self.text(Self.size.width), Self.size.height + Self.headingHeight)
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(Self.text(height))" \
            viewBox="0 \(Self.text(-Self.headingHeight)) \(width) \(Self.text(height))" role="img">
            <title>\(HTML.escaped(description))</title>
            <style>
            \(ChartStyle.file)</style>
            <text class="name" x="\(Self.text(Self.frame.left))" y="-4">\(HTML.escaped(heading))</text>
            \(drawing)
            </svg>

            """
    }

    private var drawing: String {
        let parts = [grid, axes] + panel.lines.map(band) + panel.lines.map(line) + [names]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private static let headingHeight = 22.0

    /// For those who do not see it.
    private var description: String {
        let ends = panel.lines.map { line in
            "\(line.arm) ends at " + (line.points.last.map { Numbers.fixed($0.mean) } ?? "?")
        }
        return "\(heading) by epoch: " + ends.joined(separator: ", ")
    }

    private var heading: String { panel.title + (panel.unit.isEmpty ? "" : " (\(panel.unit))") }

    // MARK: - Axes

    private var grid: String {
        let (left, right) = (Self.text(Self.frame.left), Self.text(Self.frame.right))
        return y.ticks.map { tick in
            let place = Self.text(y.place(tick))
            return """
                <path class="grid" d="M\(left) \(place)H\(right)"/>\
                <text class="tick" x="\(Self.text(Self.frame.left - 6))" y="\(place)" \
                dy=".32em" text-anchor="end">\(y.text(tick))</text>
                """
        }.joined(separator: "\n")
    }

    private var axes: String {
        let bottom = Self.frame.bottom
        let ticks = x.ticks.map { tick in
            """
            <text class="tick" x="\(Self.text(x.place(tick)))" y="\(Self.text(bottom + 16))" \
            text-anchor="middle">\(x.text(tick))</text>
            """
        }
        let middle = (Self.frame.left + Self.frame.right) / 2
        return ticks.joined(separator: "\n") + """

            <path class="axis" d="M\(Self.text(Self.frame.left)) \(Self.text(bottom))\
            H\(Self.text(Self.frame.right))"/>
            <text class="tick" x="\(Self.text(middle))" y="\(Self.text(bottom + 32))" \
            text-anchor="middle">epoch</text>
            """
    }

    // MARK: - Lines

    private func band(_ line: CurvePanel.Line) -> String {
        guard line.seedCount > 1, line.points.count > 1 else { return "" }
        let upper = line.points.map { place($0.epoch, $0.highest) }
        let lower = line.points.reversed().map { place($0.epoch, $0.lowest) }
        return """
            <path class="band \(line.arm)" d="M\((upper + lower).joined(separator: "L"))Z"/>
            """
    }

    private func line(_ line: CurvePanel.Line) -> String {
        let places = line.points.map { place($0.epoch, $0.mean) }
        let path = """
            <path class="line \(line.arm)" d="M\(places.joined(separator: "L"))"/>
            """
        guard line.points.count <= Self.mostDots else { return path }
        let dots = line.points.map { point in
            """
            <circle class="dot \(line.arm)" cx="\(Self.text(x.place(Double(point.epoch))))" \
            cy="\(Self.text(y.place(point.mean)))" r="2.5"><title>\(line.arm), epoch \
            \(point.epoch): \(Numbers.fixed(point.mean)) (\(Numbers.fixed(point.lowest)) to \
            \(Numbers.fixed(point.highest)))</title></circle>
            """
        }
        return ([path] + dots).joined(separator: "\n")
    }

    /// Beyond, dots would hide the line.
    private static let mostDots = 30

    /// Where the lines end, moved apart where they would lie over each other.
    private var names: String {
        let ends = panel.lines.compactMap { line in
            line.points.last.map { (line, y.place($0.mean)) }
        }.sorted { $0.1 < $1.1 }
        var lowest = Self.frame.top - Self.lineHeight
        let placed = ends.map { line, wanted -> (CurvePanel.Line, Double) in
            lowest = max(wanted, lowest + Self.lineHeight)
            return (line, lowest)
        }
        let overshoot = max(0, lowest - Self.frame.bottom)
        return placed.map { line, place in
            """
            <text class="name \(line.arm)" x="\(Self.text(Self.frame.right + 6))" \
            y="\(Self.text(place - overshoot))" dy=".32em">\(line.arm)</text>
            """
        }.joined(separator: "\n")
    }

    private static let lineHeight = 14.0

    private func place(_ epoch: Int, _ value: Double) -> String {
        "\(Self.text(x.place(Double(epoch)))) \(Self.text(y.place(value)))"
    }

    /// A tenth of a pixel is finer than any eye.
    private static func text(_ number: Double) -> String {
        let text = Numbers.fixed(number, digits: 1)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

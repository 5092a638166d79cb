/// The colours and strokes of charts.
///
/// *Reference:* Okabe and Ito, Color Universal Design (2008), in shades with enough contrast on
/// white and on black.
enum ChartStyle {
    /// Of a picture that is a file: it follows the reader's light or dark mode by itself.
    static var file: String {
        """
        svg { font: 12px system-ui, sans-serif; background: #fff; \(light) }
        @media (prefers-color-scheme: dark) { svg { background: #0d1117; \(dark) } }
        \(rules)
        """
    }

    static let light = """
        --ink: #24292f; --soft: #59636e; --hair: #d1d9e0; --none: #57606a; --gc: #b35900; \
        --gcc: #006bb3; --gc2: #00795a; --gcc2: #a6418c;
        """

    static let dark = """
        --ink: #e6edf3; --soft: #9198a1; --hair: #3d444d; --none: #a9b1ba; --gc: #ff9f43; \
        --gcc: #58b4f5; --gc2: #3fcf9f; --gcc2: #e68fd0;
        """

    static let rules = """
        .grid { stroke: var(--hair); stroke-width: 1; fill: none; }
        .axis { stroke: var(--soft); stroke-width: 1; fill: none; }
        .tick { fill: var(--soft); font-size: 12px; }
        .name { font-weight: 600; font-size: 13px; }
        .line { fill: none; stroke: var(--ink); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
        .band { opacity: .16; stroke: none; }
        .band, .dot, .name { fill: var(--ink); }
        \(["none", "gc", "gcc", "gc2", "gcc2"].map(arm).joined(separator: "\n"))
        .line.none { stroke-dasharray: 5 4; }
        .line.gcc { stroke-dasharray: 9 4; }
        .line.gcc2 { stroke-dasharray: 2 4; }

        """

    private static func arm(_ name: String) -> String {
        """
        .band.\(name), .dot.\(name), .name.\(name) { fill: var(--\(name)); }
        .line.\(name) { stroke: var(--\(name)); }
        """
    }
}

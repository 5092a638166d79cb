import Foundation

/// A linear axis: where a value lies, and the round numbers along it.
struct ChartScale: Hashable, Sendable {
    let low: Double
    let high: Double
    /// The place of `low` and of `high`.
    private let start: Double
    private let end: Double
    let ticks: [Double]
    /// Digits behind the point that tell the ticks apart.
    let digits: Int

    /// From the round number below the values to the round number above them.
    ///
    /// - Parameters:
    ///   - isWhole: whether only whole numbers mean something, as for epochs.
    init(_ values: [Double], from start: Double, to end: Double, isWhole: Bool = false) {
        let (least, most) = (values.min() ?? 0, values.max() ?? 1)
        let span = most > least ? most - least : max(abs(most) * 0.1, isWhole ? 1 : 1e-3)
        var step = Self.roundStep(span / Self.wantedTicks)
        if isWhole { step = max(1, step.rounded()) }
        low = isWhole ? least : (least / step).rounded(.down) * step
        high = isWhole ? max(most, least + 1) : max((most / step).rounded(.up) * step, low + step)
        (self.start, self.end) = (start, end)
        digits = max(0, Int(-log10(step).rounded(.down)))
        let first = (low / step).rounded(.up)
        ticks = (0...Int(((high - first * step) / step + 1e-6).rounded(.down)))
            .map { (first + Double($0)) * step }
    }

    private static let wantedTicks = 5.0

    /// 1, 2 or 5 times a power of ten, not below the wanted step by more than half.
    private static func roundStep(_ wanted: Double) -> Double {
        let power = pow(10, log10(wanted).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= wanted * 0.99 } ?? 10
        return factor * power
    }

    func place(_ value: Double) -> Double {
        start + (value - low) / (high - low) * (end - start)
    }

    func text(_ tick: Double) -> String { Numbers.fixed(tick, digits: digits) }
}

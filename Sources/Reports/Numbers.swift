import Foundation
import Metrics

/// Numbers as tables write them, independent of the locale.
enum Numbers {
    /// Where a number would claim what the seeds do not say.
    static let notAvailable = "n/a"
    static let none = "-"

    /// Fewer seeds than this have a spread only on paper.
    static let fewestForSpread = 3

    static func fixed(_ value: Double, digits: Int = 2) -> String {
        let text = String(format: "%.\(digits)f", value)
        // A difference that rounds to zero has no sign.
        return text.hasPrefix("-") && !text.contains { ("1"..."9").contains($0) }
            ? String(text.dropFirst()) : text
    }

    static func signed(_ value: Double) -> String {
        let text = fixed(value)
        return value > 0 && text.contains { ("1"..."9").contains($0) } ? "+" + text : text
    }

    static func probability(_ value: Double) -> String { String(format: "%.3g", value) }

    static func probability(_ value: Double?) -> String {
        value.map { probability($0) as String } ?? notAvailable
    }

    /// The sign-flip p, and behind it the smallest that so many seeds can give.
    static func signFlip(_ effect: EffectJudgement) -> String {
        "\(probability(effect.p)) (\(probability(effect.smallestP)))"
    }

    /// mean ± sample standard deviation; no spread for one or two seeds; what diverged is counted
    /// beside it, as in `76.20, div. 2/5`.
    static func spread(_ sample: Sample, digits: Int = 2) -> String {
        let diverged = diverged(sample)
        guard let mean = sample.mean else { return diverged ?? none }
        let deviation = sample.count >= fewestForSpread ? sample.standardDeviation : nil
        let spread = deviation.map { " ± \(fixed($0, digits: digits))" } ?? ""
        return fixed(mean, digits: digits) + spread + (diverged.map { ", \($0)" } ?? "")
    }

    /// Such as `div. 2/5`; nil where nothing diverged.
    private static func diverged(_ sample: Sample) -> String? {
        sample.divergedCount == 0
            ? nil : "div. \(sample.divergedCount)/\(sample.count + sample.divergedCount)"
    }

    static func interval(_ effect: EffectJudgement) -> String {
        guard effect.count >= fewestForSpread, let interval = effect.interval else {
            return notAvailable
        }
        return self.interval(interval)
    }

    static func interval(_ interval: Interval) -> String {
        "\(signed(interval.low)) to \(signed(interval.high))"
    }

    /// What a value is judged against the published one by: for a single published run where one
    /// more run of ours would lie, otherwise how far ours may be off.
    static func interval(_ value: ValueJudgement) -> String {
        guard let interval = value.interval else { return notAvailable }
        return switch value.kind {
        case .prediction: "\(fixed(interval.low)) to \(fixed(interval.high))"
        case .welch: "off by \(self.interval(interval))"
        }
    }

    /// How many seeds there are, and what became of the others.
    static func seeds(_ sample: Sample) -> String {
        "\(sample.count)" + (diverged(sample).map { ", \($0)" } ?? "")
    }

    static func verdict(_ effect: EffectJudgement) -> String {
        if effect.divergedOff + effect.divergedOn > 0 { return "inconclusive (diverged seeds)" }
        guard let needed = effect.verdict.seedsNeeded else { return effect.verdict.name }
        return "\(effect.verdict.name) (about \(needed) seeds needed)"
    }
}

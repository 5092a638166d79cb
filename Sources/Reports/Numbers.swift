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

    /// mean ± sample standard deviation; no spread for one or two seeds.
    static func spread(_ sample: Sample) -> String {
        guard let mean = sample.mean else {
            return sample.divergedCount > 0 ? "diverged" : none
        }
        guard sample.count >= fewestForSpread, let deviation = sample.standardDeviation else {
            return fixed(mean)
        }
        return "\(fixed(mean)) ± \(fixed(deviation))"
    }

    static func interval(_ effect: EffectJudgement) -> String {
        guard effect.count >= fewestForSpread, let interval = effect.interval else {
            return notAvailable
        }
        return "\(signed(interval.low)) to \(signed(interval.high))"
    }

    /// How many seeds there are, and what became of the others.
    static func seeds(_ sample: Sample) -> String {
        sample.divergedCount == 0
            ? "\(sample.count)" : "\(sample.count) + \(sample.divergedCount) diverged"
    }

    static func verdict(_ effect: EffectJudgement) -> String {
        if effect.divergedOff + effect.divergedOn > 0 { return "inconclusive (diverged seeds)" }
        guard let needed = effect.verdict.seedsNeeded else { return effect.verdict.name }
        return "\(effect.verdict.name) (about \(needed) seeds needed)"
    }
}

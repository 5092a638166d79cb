public import Foundation

/// The statistics alone: values in, judgements out.
///
/// ```json
/// {"cells": [{"off": [75.1, 75.3, 74.9], "on": [75.6, 75.8, 75.5], "published_off": null,
///             "published_on": null, "margin": 0.3, "higher_is_better": true}]}
/// ```
public enum Judge {
    /// Judges all cells, Holm running over their effects.
    /// - Throws: `JudgeError` naming the cell that cannot be judged.
    public static func judge(_ question: JudgeQuestion) throws(JudgeError) -> JudgeAnswer {
        var pairs: [SeedPairs] = []
        for (index, cell) in question.cells.enumerated() {
            do throws(JudgeError) {
                pairs.append(try cell.pairs())
            } catch {
                throw .inCell(index, error)
            }
        }
        let effects = EffectJudgement.family(pairs)
        return JudgeAnswer(
            cells: zip(question.cells, effects).map { cell, effect in
                JudgeAnswer.Cell(
                    effect: effect,
                    off: cell.publishedOff.map {
                        ValueJudgement(Sample(cell.off), published: $0, margin: cell.margin)
                    },
                    on: cell.publishedOn.map {
                        ValueJudgement(Sample(cell.on), published: $0, margin: cell.margin)
                    })
            })
    }

    /// The same from JSON to JSON: what `gc-bench judge --json` does.
    public static func judge(json: Data) throws(JudgeError) -> Data {
        let answer = try judge(try JudgeQuestion(json: json))
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return try encoder.encode(answer)
        } catch {
            throw .unreadable("the answer cannot be written (\(error))")
        }
    }
}

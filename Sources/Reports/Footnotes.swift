import Metrics
import Publications
import Records

/// What a reader must know to read the numbers rightly.
enum Footnotes {
    static func notes(_ table: TableReport) -> [TableNotes.Note] {
        let rows = table.sections.flatMap(\.rows).filter { !$0.cell.jobs.isEmpty }
        guard !rows.isEmpty, table.evidence != .smoke else { return published(table) }
        let texts = [
            ("Values", values(table, rows)), ("Best", best(rows)),
            ("Differences", differences(rows)),
            ("Judged by", published(rows)), ("Verdicts", verdicts(table, rows)),
            ("Diverged", diverged(rows)),
        ]
        return texts.compactMap { name, text in
            text.map { TableNotes.Note(name: name, text: $0) }
        } + published(table)
    }

    private static func best(_ rows: [CellReport]) -> String {
        let isValidated = rows.flatMap(\.cell.jobs).map {
            $0.metrics["validation_accuracy"] != nil
        }
        let (onTest, onValidation) = (
            "the epoch that was best on the test set itself, which flatters; compare the last.",
            "the test figure of the epoch that was best on images kept out of training."
        )
        guard isValidated.contains(true) else { return onTest }
        return isValidated.contains(false)
            ? "with validation images \(onValidation) Elsewhere \(onTest)" : onValidation
    }

    private static func values(_ table: TableReport, _ rows: [CellReport]) -> String? {
        let hasSpread = rows.contains { $0.last.count >= Numbers.fewestForSpread }
        let isLowerBetter = table.sections.contains { !$0.metric.higherIsBetter }
        let texts = [
            hasSpread ? "mean ± sample standard deviation over the seeds" : nil,
            isLowerBetter ? "lower is better" : nil,
        ].compactMap(\.self)
        return texts.isEmpty ? nil : texts.joined(separator: "; ") + "."
    }

    private static func differences(_ rows: [CellReport]) -> String? {
        let counts = rows.compactMap { $0.effect?.count }.filter { $0 > 0 }
        guard let fewest = counts.min() else { return nil }
        let smallest = Numbers.probability(SignFlipTest.smallestP(count: fewest))
        let holm = counts.count > 1 ? ", and Holm runs over the \(counts.count) effects" : ""
        return """
            last epoch, paired by seed; p is the exact sign-flip test, which with \(fewest) \
            \(fewest == 1 ? "seed" : "seeds") cannot go below \(smallest)\(holm); equivalence p is \
            that of two one-sided t tests.
            """
    }

    /// By what a value is judged against a published one.
    private static func published(_ rows: [CellReport]) -> String? {
        let kinds = Set(rows.compactMap { $0.value?.interval == nil ? nil : $0.value?.kind })
        let texts = [
            kinds.contains(.prediction)
                ? "for one published run, the 95 % interval in which one more run of ours would lie"
                : nil,
            kinds.contains(.welch)
                ? "for a published spread, the 90 % Welch interval of ours minus published" : nil,
        ].compactMap(\.self)
        return texts.isEmpty ? nil : texts.joined(separator: "; ") + "."
    }

    private static func verdicts(_ table: TableReport, _ rows: [CellReport]) -> String? {
        guard rows.contains(where: { $0.effect != nil || $0.value != nil }) else { return nil }
        let margin = Numbers.fixed(table.publication?.margin ?? TableReport.defaultMargin)
        let fewest = rows.compactMap { $0.effect?.count }.min() ?? wantedSeeds
        let wanted = fewest < wantedSeeds ? "; a claim wants \(wantedSeeds) seeds" : ""
        return "equivalent means within ±\(margin) points\(wanted)."
    }

    /// What a claim should rest on.
    private static let wantedSeeds = 10

    private static func diverged(_ rows: [CellReport]) -> String? {
        rows.contains { $0.last.divergedCount > 0 }
            ? "such seeds are counted, not averaged, and leave the verdict open." : nil
    }

    /// The source and the known flaws of the published figures, where those are shown.
    private static func published(_ table: TableReport) -> [TableNotes.Note] {
        guard table.evidence == .measured, let publication = table.publication else { return [] }
        return [TableNotes.Note(name: "Published figures", text: publication.source)]
            + publication.footnotes.map { TableNotes.Note(name: "Known flaw", text: $0) }
    }
}

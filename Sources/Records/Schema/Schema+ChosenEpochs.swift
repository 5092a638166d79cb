extension Schema {
    /// Where a job kept images out of training, its best epoch is the one that was best on those, and
    /// the test metrics are what they were then; elsewhere the best epoch is the test's own.
    ///
    /// `chosen` is `summary` with that epoch and the values there; the views read it.
    static let chosenEpochs =
        """
        DROP VIEW IF EXISTS results;
        DROP VIEW IF EXISTS curves;
        DROP VIEW IF EXISTS comparisons;

        CREATE VIEW chosen AS
        SELECT summary.attempt AS attempt, summary.metric AS metric,
            summary.lastEpoch AS lastEpoch, summary.lastStep AS lastStep,
            summary.lastValue AS lastValue, summary.lastKind AS lastKind,
            coalesce(point.epoch, summary.bestEpoch) AS bestEpoch,
            CASE WHEN point.epoch IS NULL THEN summary.bestValue ELSE point.value END AS bestValue
        FROM summary
        JOIN metric ON metric.id = summary.metric
        LEFT JOIN metric AS guide
            ON guide.name = 'validation_accuracy' AND metric.name GLOB 'test_*'
        LEFT JOIN summary AS judged
            ON judged.attempt = summary.attempt AND judged.metric = guide.id
        LEFT JOIN measurement AS point
            ON point.attempt = summary.attempt AND point.metric = summary.metric
            AND point.epoch = judged.bestEpoch;

        """ + views(over: "chosen")
}

extension Schema {
    /// What people query. Columns are never renamed or removed; new ones are added at the end.
    ///
    /// - `results`: one row per job, table and metric; `last` and `best` are NULL where the value is
    ///   NaN or infinite (`curves.kind` says which). A job that has no metric yet has one row whose
    ///   metric is NULL. `state` is planned, running, interrupted, finished, diverged or failed, or
    ///   superseded for a result that was replaced with `--fresh`. `epochs` is what was asked for.
    /// - `curves`: every value of the attempts that count.
    /// - `comparisons`: finished jobs with GC beside the finished job of the same row and seed
    ///   without it; differences are on − off.
    ///
    /// - Parameter summary: what says last and best of each metric.
    static func views(over summary: String) -> String {
        """
        CREATE VIEW results AS
        SELECT job.id AS job, listing.spec AS spec, listing.tableName AS "table",
            listing.label AS label, job.dataset AS dataset, job.backbone AS backbone,
            job.normalization AS normalization, job.optimizer AS optimizer, job.gc AS gc,
            job.precision AS precision, job.backend AS backend,
            coalesce(CAST(attempt.threads AS TEXT), job.threads) AS threads, job.seed AS seed,
            metric.name AS metric, summary.lastValue AS last, summary.bestValue AS best,
            summary.bestEpoch AS best_epoch, job.epochs AS epochs,
            CASE
                WHEN attempt.id IS NULL THEN 'planned'
                WHEN attempt.superseded THEN 'superseded'
                ELSE attempt.state
            END AS state,
            job.smoke AS smoke, job.synthetic AS synthetic, job.subset AS subset,
            attempt.weightsDigest AS weights_digest,
            attempt.imagesPerSecond AS images_per_second,
            attempt.started AS started, attempt.finished AS finished
        FROM job
        JOIN listing ON listing.job = job.id
        LEFT JOIN attempt ON attempt.job = job.id
            AND (attempt.superseded = 0 OR attempt.state IN ('finished', 'diverged'))
        LEFT JOIN \(summary) AS summary ON summary.attempt = attempt.id
        LEFT JOIN metric ON metric.id = summary.metric;

        CREATE VIEW curves AS
        SELECT attempt.job AS job, measurement.epoch AS epoch, measurement.step AS step,
            metric.name AS metric, measurement.value AS value, measurement.kind AS kind
        FROM attempt
        JOIN measurement ON measurement.attempt = attempt.id
        JOIN metric ON metric.id = measurement.metric
        WHERE attempt.superseded = 0;

        CREATE VIEW comparisons AS
        SELECT onListing.tableName AS "table", onListing.label AS label,
            onJob.dataset AS dataset, onJob.backbone AS backbone,
            onJob.normalization AS normalization, onJob.optimizer AS optimizer,
            onJob.gc AS gc, onJob.seed AS seed, metric.name AS metric,
            offSummary.lastValue AS off_last, onSummary.lastValue AS on_last,
            onSummary.lastValue - offSummary.lastValue AS difference_last,
            offSummary.bestValue AS off_best, onSummary.bestValue AS on_best,
            onSummary.bestValue - offSummary.bestValue AS difference_best,
            offJob.id AS off_job, onJob.id AS on_job, onJob.smoke AS smoke,
            onJob.synthetic AS synthetic, onJob.subset AS subset
        FROM job AS onJob
        JOIN listing AS onListing ON onListing.job = onJob.id
        JOIN job AS offJob ON offJob.row = onJob.row AND offJob.seed = onJob.seed
            AND offJob.gc = 'none'
        JOIN listing AS offListing ON offListing.job = offJob.id
            AND offListing.tableName = onListing.tableName
        JOIN attempt AS onAttempt ON onAttempt.job = onJob.id
            AND onAttempt.superseded = 0 AND onAttempt.state = 'finished'
        JOIN attempt AS offAttempt ON offAttempt.job = offJob.id
            AND offAttempt.superseded = 0 AND offAttempt.state = 'finished'
        JOIN \(summary) AS onSummary ON onSummary.attempt = onAttempt.id
        JOIN \(summary) AS offSummary ON offSummary.attempt = offAttempt.id
            AND offSummary.metric = onSummary.metric
        JOIN metric ON metric.id = onSummary.metric
        WHERE onJob.gc <> 'none';

        """
    }
}

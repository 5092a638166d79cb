extension Schema {
    /// Last and best of each metric, kept up to date by a trigger: a report reads one row per
    /// metric, however long the curves are.
    ///
    /// The best of equal values is the earliest. A metric without a direction has no best.
    static let summary = """
        CREATE TABLE summary (
            attempt INTEGER NOT NULL REFERENCES attempt (id),
            metric INTEGER NOT NULL REFERENCES metric (id),
            lastEpoch INTEGER NOT NULL,
            lastStep INTEGER NOT NULL,
            lastValue REAL,
            lastKind TEXT NOT NULL,
            bestEpoch INTEGER,
            bestValue REAL,
            PRIMARY KEY (attempt, metric),
            CHECK ((bestEpoch IS NULL) = (bestValue IS NULL))
        ) STRICT, WITHOUT ROWID;

        CREATE TRIGGER measurementIsSummarized AFTER INSERT ON measurement BEGIN
            INSERT INTO summary (attempt, metric, lastEpoch, lastStep, lastValue, lastKind)
            VALUES (NEW.attempt, NEW.metric, NEW.epoch, NEW.step, NEW.value, NEW.kind)
            ON CONFLICT (attempt, metric) DO UPDATE SET
                lastEpoch = excluded.lastEpoch,
                lastStep = excluded.lastStep,
                lastValue = excluded.lastValue,
                lastKind = excluded.lastKind
            WHERE (excluded.lastEpoch, excluded.lastStep) > (lastEpoch, lastStep);

            UPDATE summary SET bestEpoch = NEW.epoch, bestValue = NEW.value
            WHERE attempt = NEW.attempt AND metric = NEW.metric AND NEW.kind = 'finite'
                AND CASE (SELECT direction FROM metric WHERE id = NEW.metric)
                    WHEN 'max' THEN bestValue IS NULL OR NEW.value > bestValue
                    WHEN 'min' THEN bestValue IS NULL OR NEW.value < bestValue
                    ELSE 0
                END;
        END;

        """
}

extension Schema {
    /// What lets a store be checked, merged and looked at while it is written.
    ///
    /// - `canonical`: the text that a job's id is the digest of; NULL where an older version
    ///   registered it.
    /// - `uid`: names an attempt across stores.
    /// - `rowSum`: the sum of the seals of the attempt's measurements, modulo 2⁶⁴.
    /// - `seal`: the digest of a row's other columns.
    /// - `progress`: where a running attempt is, for those who watch; not part of any result.
    static let integrity = """
        ALTER TABLE job ADD COLUMN canonical TEXT;
        ALTER TABLE job ADD COLUMN seal TEXT;
        ALTER TABLE listing ADD COLUMN seal TEXT;
        ALTER TABLE attempt ADD COLUMN uid TEXT;
        ALTER TABLE attempt ADD COLUMN rowSum INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE attempt ADD COLUMN seal TEXT;
        CREATE UNIQUE INDEX attemptByIdentity ON attempt (uid);

        CREATE TABLE progress (
            attempt INTEGER PRIMARY KEY NOT NULL REFERENCES attempt (id) ON DELETE CASCADE,
            epoch INTEGER NOT NULL,
            epochs INTEGER NOT NULL,
            step INTEGER NOT NULL,
            stepCount INTEGER NOT NULL,
            loss REAL,
            imagesPerSecond REAL,
            waitShare REAL,
            secondsLeft REAL
        ) STRICT;

        """
}

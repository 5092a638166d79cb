/// The tables. Everything that must hold is a constraint here, not a habit of the code.
enum Schema {
    /// "gcbn" in the file header: a store is told from any other database by its first 100 bytes.
    static let applicationID: Int32 = 0x6763_626E

    static let tables = """
        CREATE TABLE migration (
            version INTEGER PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE,
            applied TEXT NOT NULL
        ) STRICT;

        -- What was asked for. The id is the digest of everything that can change the result.
        CREATE TABLE job (
            id TEXT PRIMARY KEY NOT NULL CHECK (length(id) > 0),
            cell TEXT NOT NULL CHECK (length(cell) > 0),
            row TEXT NOT NULL CHECK (length(row) > 0),
            seed INTEGER NOT NULL CHECK (seed >= 0),
            specification TEXT NOT NULL CHECK (json_valid(specification)),
            dataset TEXT NOT NULL,
            backbone TEXT NOT NULL,
            normalization TEXT NOT NULL,
            optimizer TEXT NOT NULL,
            gc TEXT NOT NULL,
            precision TEXT NOT NULL,
            backend TEXT NOT NULL,
            threads TEXT NOT NULL,
            epochs INTEGER NOT NULL CHECK (epochs >= 0),
            smoke INTEGER NOT NULL CHECK (smoke IN (0, 1)),
            synthetic INTEGER NOT NULL CHECK (synthetic IN (0, 1)),
            subset INTEGER NOT NULL CHECK (subset IN (0, 1)),
            registered TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX jobByRow ON job (row, seed);

        -- Where a job is shown: it may belong to several tables.
        CREATE TABLE listing (
            job TEXT NOT NULL REFERENCES job (id),
            tableName TEXT NOT NULL CHECK (length(tableName) > 0),
            spec TEXT NOT NULL,
            label TEXT NOT NULL,
            deviation TEXT,
            arguments TEXT NOT NULL CHECK (json_valid(arguments)),
            position INTEGER NOT NULL,
            PRIMARY KEY (job, tableName)
        ) STRICT, WITHOUT ROWID;

        -- A process that runs jobs; (place, process, startTicks) never repeats.
        CREATE TABLE runner (
            id INTEGER PRIMARY KEY NOT NULL,
            host TEXT NOT NULL,
            place TEXT NOT NULL,
            process INTEGER NOT NULL,
            startTicks INTEGER NOT NULL,
            seen REAL NOT NULL,
            UNIQUE (place, process, startTicks)
        ) STRICT;

        -- One training of a job. At most one attempt of a job counts; the others are superseded.
        CREATE TABLE attempt (
            id INTEGER PRIMARY KEY NOT NULL,
            job TEXT NOT NULL REFERENCES job (id),
            number INTEGER NOT NULL CHECK (number >= 1),
            state TEXT NOT NULL
                CHECK (state IN ('running', 'interrupted', 'finished', 'diverged', 'failed')),
            superseded INTEGER NOT NULL DEFAULT 0 CHECK (superseded IN (0, 1)),
            runner INTEGER REFERENCES runner (id),
            started TEXT NOT NULL,
            finished TEXT,
            message TEXT,
            weightsDigest TEXT,
            imagesPerSecond REAL,
            threads INTEGER CHECK (threads > 0),
            machine TEXT CHECK (machine IS NULL OR json_valid(machine)),
            codeVersion TEXT,
            UNIQUE (job, number),
            CHECK ((state = 'running') = (runner IS NOT NULL)),
            CHECK ((state IN ('running', 'interrupted')) = (finished IS NULL)),
            CHECK (state <> 'failed' OR message IS NOT NULL)
        ) STRICT;

        CREATE UNIQUE INDEX attemptThatCounts ON attempt (job) WHERE superseded = 0;

        CREATE TABLE metric (
            id INTEGER PRIMARY KEY NOT NULL,
            name TEXT NOT NULL UNIQUE CHECK (length(name) > 0),
            direction TEXT NOT NULL CHECK (direction IN ('max', 'min', 'none'))
        ) STRICT;

        -- SQLite turns NaN into NULL, so what a value is stands beside it.
        CREATE TABLE measurement (
            attempt INTEGER NOT NULL REFERENCES attempt (id),
            metric INTEGER NOT NULL REFERENCES metric (id),
            epoch INTEGER NOT NULL CHECK (epoch >= 0),
            step INTEGER NOT NULL CHECK (step >= 0),
            value REAL,
            kind TEXT NOT NULL CHECK (kind IN ('finite', 'nan', 'inf', '-inf')),
            PRIMARY KEY (attempt, metric, epoch, step),
            CHECK ((kind = 'finite') = (value IS NOT NULL))
        ) STRICT, WITHOUT ROWID;

        """
}

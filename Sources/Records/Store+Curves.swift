import Foundation
import GRDB

/// A metric of one cell by epoch, over the seeds that finished.
public struct CellCurve: Hashable, Sendable {
    /// Jobs that differ in nothing but the seed; see ``JobRow/cell``.
    public let cell: String
    public let metric: String
    /// By epoch.
    public fileprivate(set) var points: [Point]

    /// What the seeds have after an epoch.
    public struct Point: Hashable, Sendable {
        /// 1 for the first.
        public let epoch: Int
        public let mean: Double
        public let lowest: Double
        public let highest: Double
    }
}

extension Store {
    /// The curves of every cell that has a finished job, of all metrics that have a direction and of
    /// those named; by cell and metric. Values that are not finite have no place on a curve.
    public func curves(also names: [String]) throws(StoreError) -> [CellCurve] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT job.cell, metric.name, measurement.epoch, avg(measurement.value) AS mean,
                        min(measurement.value) AS lowest, max(measurement.value) AS highest
                    FROM attempt JOIN job ON job.id = attempt.job
                    JOIN measurement ON measurement.attempt = attempt.id
                    JOIN metric ON metric.id = measurement.metric
                    WHERE attempt.superseded = 0 AND attempt.state = 'finished'
                        AND measurement.kind = 'finite'
                        AND (metric.direction <> 'none'
                            OR metric.name IN (SELECT value FROM json_each(?)))
                    GROUP BY job.cell, metric.name, measurement.epoch
                    ORDER BY job.cell, metric.name, measurement.epoch
                    """,
                arguments: [String(decoding: try JSONEncoder().encode(names), as: UTF8.self)])
            var curves: [CellCurve] = []
            while let row = try rows.next() { curves.add(row) }
            return curves
        }
    }
}

extension [CellCurve] {
    /// Adds a row's point to the last curve, or begins a curve with it.
    fileprivate mutating func add(_ row: Row) {
        let (cell, metric): (String, String) = (row["cell"], row["name"])
        if last?.cell != cell || last?.metric != metric {
            append(CellCurve(cell: cell, metric: metric, points: []))
        }
        self[count - 1].points.append(
            CellCurve.Point(
                epoch: row["epoch"], mean: row["mean"], lowest: row["lowest"],
                highest: row["highest"]))
    }
}

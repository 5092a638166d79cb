import Foundation
import GRDB

extension Store {
    /// Registers jobs, all or none; one that is there already stays as it is, and its listing in
    /// the same table is brought up to date.
    public func register(_ jobs: [JobRow]) throws(StoreError) {
        try write { database in
            for job in jobs {
                try insert(job, database)
                try insert(job.listing, of: job.id, database)
                try seal(job: job.id, database)
                try seal(listingsOf: job.id, database)
            }
        }
    }

    private func insert(_ job: JobRow, _ database: Database) throws {
        let settings = job.settings
        try database.cachedStatement(
            sql: """
                INSERT INTO job (id, cell, row, seed, specification, dataset, backbone,
                    normalization, optimizer, gc, precision, backend, threads, epochs,
                    smoke, synthetic, subset, registered, canonical)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET canonical = coalesce(canonical, excluded.canonical)
                """
        ).execute(arguments: [
            job.id, job.cell, job.row, job.seed, job.specification, settings.dataset,
            settings.backbone, settings.normalization, settings.optimizer, settings.gc,
            settings.precision, settings.backend, settings.threads, settings.epochs,
            job.evidence.smoke, job.evidence.synthetic, job.evidence.subset, timestamp,
            job.canonical,
        ])
    }

    private func insert(_ listing: JobListing, of job: String, _ database: Database) throws {
        let arguments = String(decoding: try JSONEncoder().encode(listing.arguments), as: UTF8.self)
        try database.cachedStatement(
            sql: """
                INSERT INTO listing (job, tableName, spec, label, deviation, arguments, position)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (job, tableName) DO UPDATE SET spec = excluded.spec,
                    label = excluded.label, deviation = excluded.deviation,
                    arguments = excluded.arguments, position = excluded.position
                """
        ).execute(arguments: [
            job, listing.table, listing.spec, listing.label, listing.deviation, arguments,
            listing.position,
        ])
    }
}

import GRDB

/// One step of the schema. Steps are never changed once released; a change is a new step.
struct Migration: Sendable {
    let name: String
    let sql: String
    /// What SQL alone cannot do.
    var completion: @Sendable (Database) throws -> Void = { _ in }

    /// All steps, oldest first. The store's version is the number of steps it has taken.
    static let all = [
        Migration(name: "jobs, attempts, measurements", sql: Schema.tables + Schema.summary),
        Migration(name: "views", sql: Schema.views(over: "summary")),
        Migration(
            name: "seals, identities, progress", sql: Schema.integrity,
            completion: { try Store.sealEverything($0) }),
        Migration(name: "epochs chosen on validation images", sql: Schema.chosenEpochs),
    ]

    /// The version this program writes.
    static var newestVersion: Int { all.count }
}

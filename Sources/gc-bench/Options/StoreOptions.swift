import ArgumentParser
import Records

/// Where results are kept.
struct StoreOptions: ParsableArguments {
    @Option(name: .long, help: "The SQLite store.", completion: .file(extensions: ["sqlite"]))
    var db = Store.defaultPath

    /// nil for the default place, which commands need not name.
    var named: String? { db == Store.defaultPath ? nil : db }
}

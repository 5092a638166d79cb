import ArgumentParser
import Datasets
import Publications
import Records
import Reports
import Specifications

// What the shell offers at the tabulator key. Whatever goes wrong, it offers nothing.

extension CompletionKind {
    /// Ids of the jobs that have a result.
    static var jobs: CompletionKind {
        .custom { words, _, prefix in
            StoreInWords(words)?.doneJobs.filter { $0.hasPrefix(prefix) } ?? []
        }
    }

    /// Tables that were published or have jobs.
    static var tables: CompletionKind {
        .custom { words, _, prefix in
            let recorded = StoreInWords(words)?.tables ?? []
            let names = Set(recorded).union(ReportTable.allCases.map(\.rawValue)).union(["all"])
            return names.filter { $0.hasPrefix(prefix) }.sorted()
        }
    }

    /// What `compare` selects jobs by.
    static var selections: CompletionKind {
        .custom { words, _, prefix in
            StoreInWords(words).map { JobSelector.candidates(prefix, among: $0.records) } ?? []
        }
    }

    /// Metrics that can be better or worse.
    static var metrics: CompletionKind {
        .custom { words, _, prefix in
            let metrics = StoreInWords(words)?.records.flatMap { job in
                job.metrics.filter { $0.value.direction != .neither }.keys
            }
            return Set(metrics ?? []).filter { $0.hasPrefix(prefix) }.sorted()
        }
    }

    /// The paths of `--set`, and the values where those are a closed list.
    static var settings: CompletionKind {
        .custom { _, _, prefix in SettingCandidates(prefix).candidates }
    }

    /// The names of `--data`.
    static var dataFolders: CompletionKind {
        .custom { _, _, prefix in
            DatasetName.allCases.map { "\($0.rawValue)=" }.filter { $0.hasPrefix(prefix) }
        }
    }
}

/// The store that a command line names, or the default one.
private struct StoreInWords {
    private let store: Store

    /// nil where there is no store that can be read.
    init?(_ words: [String]) {
        let named = words.lastIndex(of: "--db").map { words.index(after: $0) }
        let path = named.flatMap { words.indices.contains($0) ? words[$0] : nil }
        guard let store = try? Store.openReadOnly(path: path ?? Store.defaultPath) else {
            return nil
        }
        self.store = store
    }

    var doneJobs: [String] {
        let states = (try? store.states()) ?? [:]
        return states.filter(\.value.isDone).keys.sorted()
    }

    var records: [JobRecord] { (try? store.jobs()) ?? [] }

    var tables: [String] { (try? store.tables()) ?? [] }
}

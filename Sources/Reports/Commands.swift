import Records

/// The commands that repeat a table.
enum Commands {
    static func reproducing(_ table: TableReport, storePath: String?) -> [String] {
        let store = storePath.map { ["--db", $0] } ?? []
        var seeds: [[String]: Set<Int>] = [:]
        var order: [[String]] = []
        for job in table.jobs {
            let command = ["gc-bench", "run", job.job.listing.spec] + job.job.listing.arguments
            if seeds[command] == nil { order.append(command) }
            seeds[command, default: []].insert(job.job.seed)
        }
        let runs = order.map { command in
            line(command + ["--seeds", list(seeds[command] ?? [])] + store)
        }
        return runs.isEmpty
            ? [] : runs + [line(["gc-bench", "report", "--table", table.name] + store)]
    }

    /// `0-2` for neighbours, `0,2` otherwise.
    private static func list(_ seeds: Set<Int>) -> String {
        let sorted = seeds.sorted()
        guard let first = sorted.first, let last = sorted.last else { return "0" }
        let isRange = sorted.count > 2 && last - first == sorted.count - 1
        return isRange ? "\(first)-\(last)" : sorted.map(String.init).joined(separator: ",")
    }

    private static func line(_ words: [String]) -> String {
        words.map(quoted).joined(separator: " ")
    }

    /// As a POSIX shell reads it back.
    private static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy(isPlain)
        return isPlain
            ? word
            : "'"
                + word.split(separator: "'", omittingEmptySubsequences: false)
                .joined(separator: "'\\''") + "'"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case "_", "-", ".", "/", "=", ",", ":", "+", "@", "%": true
        default: false
        }
    }
}

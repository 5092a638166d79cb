import ArgumentParser

/// How jobs are run; nothing here changes a result.
struct RunOptions: ParsableArguments {
    @Option(help: "Jobs side by side; by default as many as cores and memory have room for.")
    var jobs: Int?

    @Flag(help: "Train finished jobs again; their old rows stay, marked as superseded.")
    var fresh = false

    @Option(
        help: ArgumentHelp(
            "Stop behind a checkpoint after this long, such as 90s, 15m, 2h or 1:30:00.",
            valueName: "time"))
    var budget: TimeSpan?

    enum FailurePolicy: String, EnumerableFlag {
        /// The first failed job stops the others behind a checkpoint.
        case failFast
        /// A failed job does not concern the others.
        case keepGoing

        static func help(for value: FailurePolicy) -> ArgumentHelp? {
            switch value {
            case .failFast: "Stop when a job fails."
            case .keepGoing: "Go on with the other jobs when one fails; the default."
            }
        }
    }

    @Flag(exclusivity: .exclusive)
    var failurePolicy = FailurePolicy.keepGoing

    @Option(help: "How often a job whose worker crashes is tried again without getting further.")
    var retries = 3

    @Flag(help: "Keep final weights beside the store, for `export`.")
    var keepWeights = false

    @Option(
        help: ArgumentHelp(
            "How much training a crash may cost, such as 30s; epochs end with a checkpoint.",
            valueName: "time"))
    var checkpointEvery: TimeSpan?

    var standardCheckpointSeconds: Double { 30 }

    @Option(help: "Threads that prepare images; any number gives the same result.")
    var loaderThreads = 1

    @Option(
        help: """
            Pack photos into files in this folder and train from these; it takes room for every \
            pixel and changes no result.
            """, completion: .directory)
    var cache: String?

    @Flag(help: "Say nothing but what goes wrong.")
    var quiet = false

    @Flag(help: "Print how every job ended as one JSON document on standard output.")
    var json = false

    @Flag(help: "Use a store on a network file system that no other machine writes.")
    var allowNetworkStore = false

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs must be at least 1, not \(jobs)") }
        if retries < 0 { throw ValidationError("--retries must not be negative") }
        if loaderThreads < 1 { throw ValidationError("--loader-threads must be at least 1") }
    }

    var progressStyle: ProgressBoard.Style { quiet ? .quiet : .detected }
}

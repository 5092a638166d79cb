import Foundation

/// Ends the process when its runner is gone.
///
/// The runner keeps our standard input open for as long as it lives, however it dies; the end of
/// the input is the end of the runner. Ctrl-C reaches the whole process group, and the runner
/// decides what becomes of us, so that signal alone is ignored.
enum OrphanWatch {
    static func start() {
        signal(SIGINT, SIG_IGN)
        let watch = Thread {
            while readLine(strippingNewline: true) != nil {}
            exit(EXIT_FAILURE)
        }
        watch.name = "orphan watch"
        watch.start()
    }
}

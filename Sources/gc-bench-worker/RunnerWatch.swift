import Foundation
import Synchronization
import Training

/// Listens to the runner.
///
/// The runner keeps our standard input open for as long as it lives, however it dies; the end of
/// the input is the end of the runner, and ours. A line asks us to stop behind a checkpoint. Ctrl-C
/// reaches the whole process group, and so does the SIGTERM of `timeout` and of batch systems; the
/// runner decides what becomes of us, so both are ignored.
final class RunnerWatch: Sendable {
    private let stopWasAsked = Atomic(false)

    init() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_IGN) }
        let watch = Thread {
            while let line = readLine(strippingNewline: true) {
                if line == WorkerRequest.stopLine {
                    self.stopWasAsked.store(true, ordering: .relaxed)
                }
            }
            // At once: nothing of ours needs an orderly end, and a training thread is at work.
            _exit(EXIT_FAILURE)
        }
        watch.name = "runner watch"
        watch.start()
    }

    var isStopping: Bool { stopWasAsked.load(ordering: .relaxed) }
}

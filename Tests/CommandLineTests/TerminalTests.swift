import Foundation
import Testing

/// What is drawn on a terminal; `script` makes one.
@Suite(
    "Terminals", .serialized,
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"),
        "no program `script` that makes a terminal"))
struct TerminalTests {
    /// Four jobs of some seconds together.
    private static let spec = """
        table: drawn
        dataset: {name: shapes, train: 512, test: 64}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9}
        gc: [none, gc]
        epochs: 3
        batch_size: 16
        threads: 1
        seeds: 2
        """

    private let folder: Program.Folder

    init() throws {
        folder = try Program.Folder()
        _ = try folder.write(Self.spec, to: "a.spec")
    }

    /// Runs gc-bench in a terminal of this size.
    private func draw(
        _ arguments: String, columns: Int, rows: Int, typing keys: String = ":"
    ) throws -> (screen: TerminalScreen, code: Int32) {
        let answer = try Program.shell(
            """
            { \(keys); } | script -qefc 'stty cols \(columns) rows \(rows); \
            exec \(Program.executable.path) \(arguments)' typescript
            """, in: folder.url)
        return (
            TerminalScreen(columns: columns, rows: rows, showing: answer.output), answer.code
        )
    }

    @Test("On a narrow, low terminal lines are cut to fit, and what was drawn leaves no trace")
    func narrow() throws {
        let (screen, code) = try draw("run a.spec --jobs 2", columns: 50, rows: 4)
        #expect(code == 0)
        let running = screen.frames.joined().filter { $0.contains("epoch") }
        #expect(!running.isEmpty)
        // Names lose their beginning, and the time that is left is there to its last digit.
        let row =
            #/….*, gc=(none|gc), seed [01] +epoch [123]/3  (loss .*  )? *eta [0-9?]+(:[0-9]{2})?/#
        #expect(running.allSatisfy { $0.wholeMatch(of: row) != nil }, "\(running.prefix(5))")
        #expect(screen.frames.joined().contains { $0.hasPrefix("sweep [") })
        let lines = screen.lines
        #expect(lines.first == "4 jobs, recorded in Results/gc-bench.sqlite")
        #expect(lines.last == "4 finished; see them with: gc-bench report")
        #expect(lines.count { $0.hasPrefix("[") } == 4)
        #expect(!lines.contains { $0.contains("eta") || $0.contains("sweep") }, "\(lines)")
    }

    @Test("A wide terminal shows everything, in columns")
    func wide() throws {
        let (screen, code) = try draw("run a.spec --jobs 2 --seeds 0", columns: 120, rows: 30)
        #expect(code == 0)
        let running = screen.frames.joined().filter { $0.contains("epoch") }
        let row = #/shapes .*  epoch ./3  loss .*  +[0-9]+ images\/s  waiting +[0-9]+ %  +eta .*/#
        #expect(running.contains { $0.wholeMatch(of: row) != nil }, "\(running.prefix(5))")
        let frame = try #require(
            screen.frames.last { frame in frame.count { $0.contains(" eta ") } == 3 })
        let columns = frame.filter { $0.contains("epoch") }.map {
            $0.components(separatedBy: "loss")[0]
        }
        #expect(columns.count == 2 && columns[0].count == columns[1].count)
    }

    /// Workers that stand still cannot come to an orderly end, so the first Ctrl-C alone ends nothing.
    @Test("Ctrl-C twice on a terminal says what happens, and leaves nothing half drawn")
    func interrupted() throws {
        let keys = """
            until grep -q "epoch 2" typescript 2>/dev/null; do sleep 0.05; done
            for name in /proc/[0-9]*/comm; do
                grep -q gc-bench-worker $name || continue
                process=${name%/comm}
                [ "$(readlink $process/cwd)" = "$(pwd -P)" ] && kill -STOP ${process#/proc/}
            done
            printf "\\003"; sleep 1; printf "\\003"
            """
        let (screen, code) = try draw(
            "run a.spec --jobs 2", columns: 100, rows: 20, typing: keys)
        #expect(code == 130)
        let lines = screen.lines
        #expect(lines.contains("stopping behind a checkpoint; Ctrl-C again ends at once"))
        #expect(screen.frames.joined().contains { $0.hasSuffix("stopping") })
        #expect(lines.last == "interrupted; run the same command again to go on", "\(lines)")
        #expect(!lines.contains { $0.contains("epoch") || $0.contains("sweep") }, "\(lines)")
    }

    @Test("Followed from another shell, jobs are drawn in place until none runs")
    func follow() throws {
        let running = try Program.start(["run", "a.spec", "--jobs", "2"], in: folder.url)
        while !running.errorSoFar.contains("epoch 1"), running.process.isRunning { usleep(10_000) }
        let (screen, code) = try draw("status --follow", columns: 60, rows: 8)
        #expect(code == 0)
        let rows = screen.frames.joined().filter { $0.contains("epoch") }
        #expect(rows.contains { $0.hasPrefix("…") && $0.contains("  eta ") }, "\(rows.prefix(5))")
        #expect(running.finish().code == 0)
        #expect(screen.lines == ["4 finished"], "\(screen.lines)")
    }
}

import Foundation
import Testing

/// Disks without room.
extension RobustnessTests {
    @Test("A disk that is full in the middle costs time, never results")
    func fullDisk() throws {
        let folder = try folder()
        // No file may grow beyond 575 KiB: the store has room, a checkpoint of 625 KB has not.
        #expect(try Program.run(["run", "a.spec", "--smoke"], in: folder.url).code == 0)
        let limited = try Program.shell(
            """
            ulimit -f 1150; exec \(Program.executable.path) run a.spec --set gc=none --seeds 0 \
            --checkpoint-every 0.01
            """, in: folder.url)
        #expect(limited.code == 0)
        #expect(limited.error.contains("no checkpoint at step"), "\(limited.error)")
        #expect(limited.error.contains("training goes on"))
        #expect(try Program.run(["run", "a.spec", "--quiet"], in: folder.url).code == 0)
        let undisturbed = try undisturbed()
        #expect(try digests(in: folder).filter { undisturbed.keys.contains($0.key) } == undisturbed)
    }

    @Test(
        "A small disk that fills up in the middle: once there is room, all results are right",
        .enabled(if: canMount, "this user cannot mount a small disk and let it grow"),
        arguments: [160, 700])
    func smallDisk(kibibytes: Int) throws {
        let folder = try folder()
        let program = Program.executable.path
        // The disk goes with its namespace, so everything happens inside, and is copied out.
        let script = """
            mkdir Results && mount -t tmpfs -o size=\(kibibytes)k tmpfs Results || exit 77
            "\(program)" run a.spec --jobs 1 --checkpoint-every 0.01; echo "first: $?"
            mount -o remount,size=64m Results && "\(program)" run a.spec --quiet || exit 78
            cp -r Results kept
            """
        let answer = try Program.shell("unshare -rm sh -c '\(script)'", in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        let isStoreFull = answer.output.contains("first: 2")
        #expect(isStoreFull || answer.output.contains("first: 0"), "\(answer.output)")
        #expect(answer.error.contains(isStoreFull ? "gc-bench.sqlite" : "no checkpoint at step"))
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("Results"))
        try FileManager.default.moveItem(
            at: folder.url.appendingPathComponent("kept"),
            to: folder.url.appendingPathComponent("Results"))
        #expect(try digests(in: folder) == undisturbed())
    }

    private static let canMount =
        (try? Program.shell(
            """
            unshare -rm sh -c \
                'mount -t tmpfs -o size=64k none /mnt && mount -o remount,size=128k /mnt'
            """, in: FileManager.default.temporaryDirectory
        ).code) == 0

    @Test("A store that cannot grow stops the run with what to do, and loses nothing")
    func fullStore() throws {
        let folder = try folder()
        let script = """
            ulimit -f 120; exec \(Program.executable.path) run a.spec --jobs 1
            """
        let limited = try Program.shell(script, in: folder.url)
        if limited.code != 0 {
            #expect(limited.code == 2, "\(limited.error)")
            #expect(limited.error.contains("Results/gc-bench.sqlite"), "\(limited.error)")
        }
        #expect(try Program.run(["run", "a.spec", "--quiet"], in: folder.url).code == 0)
        #expect(try digests(in: folder) == undisturbed())
    }
}

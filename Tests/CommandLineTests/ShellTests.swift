import Foundation
import Testing

/// Completion in the shells that split words or add spaces: keys are typed in a terminal, and the
/// command says which words it was given in the end.
@Suite(
    "Shells", .serialized,
    .enabled(
        if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script"),
        "no program `script` that makes a terminal"))
struct ShellTests {
    enum Shell: String, CaseIterable {
        case bash, zsh

        var isThere: Bool { FileManager.default.isExecutableFile(atPath: "/usr/bin/\(rawValue)") }

        var command: String {
            switch self {
            case .bash: "bash --norc --noprofile -i"
            case .zsh: "zsh -f -i"
            }
        }

        /// Loads the script and puts a function in the place of gc-bench, which completes as gc-bench
        /// does and otherwise prints its words.
        func preparation(_ program: String) -> String {
            let load = "\(program) --generate-completion-script \(rawValue)"
            let words = #"printf '<%s>' "$@"; echo"#
            switch self {
            case .bash, .zsh:
                return
                    (self == .bash
                    ? "source <(\(load)); "
                    : "mkdir f; \(load) > f/_gc-bench; fpath=($PWD/f $fpath); "
                        + "autoload -Uz compinit; compinit -u -D; ")
                    + #"gc-bench() { case "$1" in ---*) \#(program) "$@";; *) \#(words);; esac; }"#
            }
        }
    }

    private static let typed = [
        ("run ti\t--fre\t", "<run><tiny.spec><--fresh>"),
        ("run tiny.spec --set epo\t7", "<run><tiny.spec><--set><epochs=7>"),
        (
            "run tiny.spec --set epochs=7 --set optimizer.mom\t0.5 --set normalization=fro\t--jo\t2",
            "<run><tiny.spec><--set><epochs=7><--set><optimizer.momentum=0.5>"
                + "<--set><normalization=frozen_bn><--jobs><2>"
        ),
        ("compare gc=none,se\t0 gc=gc,seed=1", "<compare><gc=none,seed=0><gc=gc,seed=1>"),
        ("report --table mark\t--for\tmark\t", "<report><--table><market1501><--format><markdown>"),
        ("verify JOB\t", "<verify><JOBS>"),
    ]

    @Test(
        "Paths, keys, values, selections and jobs are completed, and no space follows an equals sign",
        arguments: Shell.allCases.filter(\.isThere))
    func completes(_ shell: Shell) throws {
        let folder = try ReportCommandTests.folder.get()
        let all = try Program.run(["status", "--json"], in: folder.url).output
        let id = try #require(all.firstMatch(of: /"id" : "([0-9a-f]{32})"/)?.output.1)
        let lines = Self.typed.map {
            "gc-bench " + $0.0.replacingOccurrences(of: "JOB", with: id.prefix(12))
        }
        let keys = [shell.preparation(Program.executable.path), "echo READY"] + lines + ["exit"]
        let home = try Program.Folder()
        _ = try home.write(keys.prefix(1).joined() + "\n", to: "preparation")
        _ = try home.write(lines.joined(separator: "\n") + "\nexit\n", to: "keys")
        let answer = try Program.shell(
            """
            export HOME=\(home.url.path) TERM=dumb PS1='> '
            { sleep 1; cat $HOME/preparation; echo echo READY | tr Y Y
              until grep -q "^READY" $HOME/typescript 2>/dev/null; do sleep 0.1; done; sleep 0.5
              while IFS= read -r line; do printf '%s\\n' "$line"; sleep 1; done < $HOME/keys
            } | timeout 120 script -qefc '\(shell.command)' $HOME/typescript
            """, in: folder.url)
        for (typed, words) in Self.typed {
            let words = words.replacingOccurrences(of: "JOBS", with: String(id))
            #expect(answer.output.contains(words), "\(typed): \(answer.output)")
        }
    }

    @Test("Shells that are not installed are skipped in sight", arguments: Shell.allCases)
    func isInstalled(_ shell: Shell) throws {
        if !shell.isThere { try Test.cancel("\(shell.rawValue) is not installed") }
    }
}

import ArgumentParser
import Foundation

/// The scripts by which shells complete, as ArgumentParser writes them, mended where it matters that
/// words of gc-bench have an equals sign in them: `--set gc=gcc`, `compare gc=none,seed=0`.
enum CompletionScript {
    /// The script that the arguments ask for; nil when they ask for something else.
    static func asked(by arguments: [String]) -> String? {
        let words = arguments.prefix(2).flatMap { $0.split(separator: "=") }.map(String.init)
        guard words.first == "--generate-completion-script", arguments.count <= 2 else {
            return nil
        }
        guard let shell = words.count > 1 ? CompletionShell(rawValue: words[1]) : .autodetected()
        else { return nil }
        let script = GCBench.completionScript(for: shell)
        switch shell {
        case .bash: return mendedForBash(script)
        case .zsh: return mendedForZsh(script)
        // Fish takes a word as it is, and puts no space behind an equals sign.
        default: return script
        }
    }

    /// Bash takes an equals sign for a word of its own. The words are put together for the question,
    /// and what stands before the last equals sign is taken from the answers again.
    private static func mendedForBash(_ script: String) -> String {
        let own = "complete -o filenames -F _gc-bench gc-bench"
        return script.replacingOccurrences(
            of: own,
            with: """
                _gc-bench_joining_words() {
                    local -a words=()
                    local -i index place=0
                    local word current='' previous=''
                    for index in "${!COMP_WORDS[@]}"; do
                        word="${COMP_WORDS[index]}"
                        if [[ -n "${word}" && ("${word}" = '=' || "${previous}" = '=') ]]; then
                            words[${#words[@]} - 1]+="${word}"
                        else
                            words+=("${word}")
                            current=''
                        fi
                        if [[ "${index}" -lt "${COMP_CWORD}" ]]; then
                            current+="${word}"
                        elif [[ "${index}" -eq "${COMP_CWORD}" ]]; then
                            [[ "${word}" = '=' ]] && current+='=' || current+="${2}"
                            place="${#words[@]}-1"
                            break
                        fi
                        previous="${word}"
                    done
                    words+=("${COMP_WORDS[@]:${COMP_CWORD}+1}")
                    COMP_WORDS=("${words[@]}")
                    COMP_CWORD="${place}"
                    _gc-bench "${1}" "${current}" "${words[place - 1]}"

                    # Nothing with an equals sign is a file, whose name would be quoted; a value follows it.
                    [[ "${COMPREPLY[*]}" = *=* ]] && compopt +o filenames
                    [[ "${COMPREPLY[*]}" = *= ]] && compopt -o nospace
                    if [[ "${COMP_WORDBREAKS}" = *=* && "${current}" = *=* ]]; then
                        local -r known="${current%"${current##*=}"}"
                        COMPREPLY=("${COMPREPLY[@]#"${known}"}")
                    fi
                }

                complete -o filenames -F _gc-bench_joining_words gc-bench
                """)
    }

    /// No space behind an equals sign.
    private static func mendedForZsh(_ script: String) -> String {
        script.replacingOccurrences(
            of: "    _describe -V '' non_empty_completions -- empty_completions",
            with: """
                    local -ar open_completions=("${(@M)non_empty_completions:#*=}")
                    local -ar whole_completions=("${(@)non_empty_completions:#*=}")
                    _describe -V '' whole_completions -- open_completions -S '' -- empty_completions
                """)
    }
}

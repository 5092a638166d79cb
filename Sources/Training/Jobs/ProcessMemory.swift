import Foundation

/// Time since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}

/// The age of this process.
enum ProcessClock {
    /// Seconds since the process was made, to a hundredth; 0 where the system does not tell.
    static var secondsSinceStart: Double {
        let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
        // Field 22, counted after the name, which is in brackets and may hold anything.
        guard let uptime = words(of: "/proc/uptime").first.flatMap(Double.init),
            let start = words(of: "/proc/self/stat", after: ")").dropFirst(19).first
                .flatMap(Double.init)
        else { return 0 }
        return uptime - start / ticksPerSecond
    }

    private static func words(of path: String, after mark: Character? = nil) -> [Substring] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        let start = mark.flatMap { text.lastIndex(of: $0) }.map { text.index(after: $0) }
        return text[(start ?? text.startIndex)...].split { $0.isWhitespace }
    }
}

/// What the operating system says of this process.
public enum ProcessMemory {
    /// The most bytes that were resident at once.
    public static var peakResidentBytes: Int { usage.ru_maxrss * 1024 }

    /// Page faults so far, served with or without the disk.
    public static var pageFaults: Int { usage.ru_minflt + usage.ru_majflt }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage
    }
}

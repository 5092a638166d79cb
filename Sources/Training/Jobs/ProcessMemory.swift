import Foundation

/// Time since it was made.
struct Stopwatch {
    private let start = ContinuousClock.now

    var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
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

/// The compute threads of a job.
public enum ThreadCount: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The cores the job is given, recorded and kept when it is resumed.
    case automatic
    case count(Int)

    public var description: String {
        switch self {
        case .automatic: "auto"
        case .count(let count): "\(count)"
        }
    }
}

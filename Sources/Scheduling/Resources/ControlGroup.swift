import Foundation

/// The limits that a control group puts on this process and its children, version 1 or 2.
///
/// *Reference:* cgroups(7); `cpu.max` and `memory.max` of version 2, `cpu.cfs_quota_us`,
/// `cpu.cfs_period_us` and `memory.limit_in_bytes` of version 1. Limits hold for everything below a
/// group, so the smallest on the way up counts.
public struct ControlGroup: Sendable {
    private let root: String
    private let membership: String

    /// - Parameters:
    ///   - root: where the groups are mounted.
    ///   - membership: `/proc/self/cgroup`, a line `id:controllers:path` for each hierarchy.
    public init(root: String, membership: String) {
        self.root = root
        self.membership = membership
    }

    static func current() -> ControlGroup {
        let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
        return ControlGroup(root: "/sys/fs/cgroup", membership: text ?? "")
    }

    /// Whole cores, at least one; nil without a limit.
    public var coreCount: Int? {
        let quotas =
            folders(of: "").compactMap(quotaOfVersion2)
            + folders(of: "cpu").compactMap(quotaOfVersion1)
        return quotas.min().map { max(1, Int($0)) }
    }

    /// Bytes; nil without a limit.
    public var memoryByteCount: Int? {
        let limits =
            folders(of: "").compactMap { number(in: "\($0)/memory.max") }
            + folders(of: "memory").compactMap { number(in: "\($0)/memory.limit_in_bytes") }
        // Version 1 says "no limit" with a number near the largest there is.
        return limits.filter { $0 > 0 && $0 < 1 << 60 }.min()
    }

    /// The group's folder and all above it, for the hierarchy that has a controller; the one of
    /// version 2 has none named.
    private func folders(of controller: String) -> [String] {
        for line in membership.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",").map(String.init)
            let isMeant = controller.isEmpty ? fields[1].isEmpty : controllers.contains(controller)
            guard isMeant else { continue }
            let base = controller.isEmpty ? root : "\(root)/\(fields[1])"
            let bases =
                controller.isEmpty ? [base, "\(root)/unified"] : [base, "\(root)/\(controller)"]
            return bases.flatMap { ancestors(of: String(fields[2]), below: $0) }
        }
        return []
    }

    private func ancestors(of path: String, below base: String) -> [String] {
        let names = path.split(separator: "/")
        return (0...names.count).map { count in
            ([base] + names.prefix(count).map(String.init)).joined(separator: "/")
        }
    }

    private func quotaOfVersion2(_ folder: String) -> Double? {
        let numbers = words(in: "\(folder)/cpu.max").map(Double.init)
        guard numbers.count == 2, let quota = numbers[0], let period = numbers[1], period > 0
        else { return nil }
        return quota / period
    }

    private func quotaOfVersion1(_ folder: String) -> Double? {
        guard let quota = number(in: "\(folder)/cpu.cfs_quota_us"), quota > 0,
            let period = number(in: "\(folder)/cpu.cfs_period_us"), period > 0
        else { return nil }
        return Double(quota) / Double(period)
    }

    private func number(in path: String) -> Int? { words(in: path).first.flatMap { Int($0) } }

    private func words(in path: String) -> [Substring] {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        return text.split(whereSeparator: \.isWhitespace).map { $0 }
    }
}

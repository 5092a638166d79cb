/// How often a target was reached.
public struct HitRate: Hashable, Sendable {
    public let hits: Int
    public let count: Int

    public init(hits: Int, count: Int) {
        self.hits = hits
        self.count = count
    }

    /// Wilson's 95 % interval of the share; nil without any try.
    ///
    /// *Reference:* Wilson, Journal of the American Statistical Association 22 (1927).
    public var interval: Interval? {
        guard count > 0 else { return nil }
        let (n, share) = (Double(count), Double(hits) / Double(count))
        let square = 1.959963984540054 * 1.959963984540054
        let center = (share + square / (2 * n)) / (1 + square / n)
        let spread = (square * (share * (1 - share) / n + square / (4 * n * n))).squareRoot()
        return Interval(around: center, halfWidth: spread / (1 + square / n))
    }
}

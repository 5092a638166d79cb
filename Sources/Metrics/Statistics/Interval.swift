/// A closed interval of finite numbers.
public struct Interval: Hashable, Sendable {
    public let low: Double
    public let high: Double

    /// nil when an end is not finite: an interval that says nothing is not shown.
    public init?(around center: Double, halfWidth: Double) {
        let ends = (center - halfWidth, center + halfWidth)
        guard ends.0.isFinite, ends.1.isFinite else { return nil }
        (low, high) = ends
    }

    public func contains(_ value: Double) -> Bool { low <= value && value <= high }

    /// Lies wholly inside the open (−margin, margin).
    public func isInside(margin: Double) -> Bool { low > -margin && high < margin }

    /// Lies wholly outside the open (−margin, margin).
    public func isOutside(margin: Double) -> Bool { low >= margin || high <= -margin }
}

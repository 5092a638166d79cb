/// The quantiles of some numbers, with linear interpolation between neighbours.
public struct Quantiles: Hashable, Sendable {
    private let sorted: [Double]

    public init(_ values: [Double]) { sorted = values.sorted() }

    /// The value below which a `share` in [0, 1] of the numbers lies; NaN where there are none.
    public subscript(share: Double) -> Double {
        guard let last = sorted.last else { return .nan }
        let position = share * Double(sorted.count - 1)
        let lower = Int(position)
        guard lower + 1 < sorted.count else { return last }
        return sorted[lower] + (position - Double(lower)) * (sorted[lower + 1] - sorted[lower])
    }

    public var median: Double { self[0.5] }
}

public import Graphs

/// How far a result may be from the reference in double precision, as a share of the largest
/// number of the tensor.
public struct Tolerance: Hashable, Sendable {
    public let name: String
    public let float32: Double
    public let bfloat16: Double
    public let float64: Double

    public func bound(_ precision: Precision) -> Double {
        switch precision {
        case .float32: float32
        case .bfloat16: bfloat16
        case .float64: float64
        }
    }

    /// Bytes that are moved, positions, counts: nothing is rounded.
    public static let exact = Tolerance(name: "exact", float32: 0, bfloat16: 0, float64: 0)

    /// A few operations on each number: a few units in the last place (2⁻²⁴, 2⁻⁹, 2⁻⁵³).
    public static let elementWise = Tolerance(
        name: "element-wise", float32: 4e-7, bfloat16: 1e-2, float64: 1e-15)

    /// Sums of up to some thousand products in any order; the error grows like the square root of
    /// their number, and Winograd's transforms lose a digit more.
    public static let sum = Tolerance(
        name: "sum", float32: 1e-5, bfloat16: 2e-2, float64: 1e-13)

    /// Means and variances, differences from them, and what a division by a small deviation makes
    /// of their errors.
    public static let statistics = Tolerance(
        name: "statistics", float32: 2e-5, bfloat16: 3e-2, float64: 1e-12)

    /// A dozen layers forward and backward and some steps of training: each layer's error passes
    /// through all later ones.
    public static let network = Tolerance(
        name: "network", float32: 2e-4, bfloat16: 1e-1, float64: 1e-11)
}

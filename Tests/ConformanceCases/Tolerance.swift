public import Graphs
public import Tensors

/// How far a result may be from the reference in double precision, as a share of the largest
/// number of the tensor.
public struct Tolerance: Hashable, Sendable {
    public let name: String
    public let float32: Double
    /// Of activations in a bfloat16 plan.
    public let bfloat16: Double
    /// Of weights, statistics and everything else in a bfloat16 plan that is float32.
    public let masters: Double
    public let float64: Double

    /// - Parameter masters: as in float32 where nothing is said: the inputs of a case are bfloat16
    ///   numbers already, so nothing is rounded before the sum.
    public init(
        name: String, float32: Double, bfloat16: Double, masters: Double? = nil, float64: Double
    ) {
        self.name = name
        self.float32 = float32
        self.bfloat16 = bfloat16
        self.masters = masters ?? float32
        self.float64 = float64
    }

    public func bound(_ precision: Precision, of type: ScalarType) -> Double {
        switch precision {
        case .float32: float32
        case .bfloat16: type == .bfloat16 ? bfloat16 : masters
        case .float64: float64
        }
    }

    /// What one rounding to bfloat16 may change, 2⁻⁸ of the number, and a little for the float32
    /// arithmetic before it: whatever an operation adds up, it rounds once.
    private static let oneRounding = 1.01 / 256

    /// Bytes that are moved, positions, counts: nothing is rounded.
    public static let exact = Tolerance(name: "exact", float32: 0, bfloat16: 0, float64: 0)

    /// A few operations on each number: a few units in the last place (2⁻²⁴, 2⁻⁵³).
    public static let elementWise = Tolerance(
        name: "element-wise", float32: 4e-7, bfloat16: oneRounding, float64: 1e-15)

    /// Sums of up to some thousand products in any order; the error grows like the square root of
    /// their number, and Winograd's transforms lose a digit more.
    public static let sum = Tolerance(
        name: "sum", float32: 1e-5, bfloat16: oneRounding, float64: 1e-13)

    /// The same by Winograd's algorithm in bfloat16, where the transformed numbers of both sides are
    /// rounded as well: that adds an error of about 2.7e-3 of a result's deviation, twice as much
    /// at worst as the rounding of the result.
    public static let sumOfTiles = Tolerance(
        name: "sum of tiles", float32: 1e-5, bfloat16: 2 * oneRounding, masters: 2 * oneRounding,
        float64: 1e-13)

    /// Means and variances, differences from them, and what a division by a small deviation makes
    /// of their errors.
    public static let statistics = Tolerance(
        name: "statistics", float32: 2e-5, bfloat16: oneRounding, float64: 1e-12)

    /// A dozen layers forward and backward and some steps of training: each layer's error passes
    /// through all later ones. In bfloat16 a sum that rounds to the other side is off by 2⁻⁸ at
    /// once, and where that crosses the kink of a ReLU a whole gradient comes or goes, one of a few
    /// hundred in networks this small.
    public static let network = Tolerance(
        name: "network", float32: 2e-4, bfloat16: 2e-1, masters: 2e-1, float64: 1e-11)

    /// The same where the state holds squares of gradients of a single step. One ReLU that bfloat16
    /// carries over its kink takes up to 0.4 of the largest gradient of a norm's shift away, on
    /// either backend alike (they agree to 1e-2): 1 − 0.6² of its square.
    public static let networkWithSquares = Tolerance(
        name: "network with squares", float32: 2e-4, bfloat16: 2e-1, masters: 6.5e-1,
        float64: 1e-11)
}

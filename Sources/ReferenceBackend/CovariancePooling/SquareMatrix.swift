import Graphs
import Tensors

/// A d×d matrix in double precision: what the formulas of covariance pooling are written in.
struct SquareMatrix {
    let d: Int
    private(set) var numbers: [Double]

    private init(_ d: Int, _ numbers: [Double]) {
        self.d = d
        self.numbers = numbers
    }

    /// Matrix number `n` of a tensor whose last two axes are d.
    init<Scalar: ReferenceScalar>(_ view: View<Scalar>, _ n: Int) {
        d = view.shape[view.shape.rank - 1]
        let start = view.start + n * d * d
        numbers = (0..<d * d).map { start[$0].double }
    }

    static func identity(_ d: Int) -> SquareMatrix {
        SquareMatrix(d, (0..<d * d).map { $0 / d == $0 % d ? 1 : 0 })
    }

    subscript(row: Int, column: Int) -> Double { numbers[row * d + column] }

    var trace: Double { (0..<d).reduce(0) { $0 + self[$1, $1] } }

    /// Σ a·b over all elements.
    func dot(_ other: SquareMatrix) -> Double {
        zip(numbers, other.numbers).reduce(0) { $0 + $1.0 * $1.1 }
    }

    func write<Scalar: ReferenceScalar>(to view: View<Scalar>, _ n: Int) {
        for (i, number) in numbers.enumerated() { view[n * d * d + i] = Scalar(number) }
    }

    static func * (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix {
        let d = a.d
        var c = [Double](repeating: 0, count: d * d)
        for i in 0..<d {
            for k in 0..<d {
                for j in 0..<d { c[i * d + j] += a[i, k] * b[k, j] }
            }
        }
        return SquareMatrix(d, c)
    }

    static func * (factor: Double, a: SquareMatrix) -> SquareMatrix {
        SquareMatrix(a.d, a.numbers.map { factor * $0 })
    }

    static func + (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix {
        SquareMatrix(a.d, zip(a.numbers, b.numbers).map(+))
    }

    static func - (a: SquareMatrix, b: SquareMatrix) -> SquareMatrix {
        SquareMatrix(a.d, zip(a.numbers, b.numbers).map(-))
    }
}

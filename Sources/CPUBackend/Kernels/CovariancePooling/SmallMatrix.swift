import COpenBLAS

/// A square matrix of an image, in the arena; one thread works on it.
struct SmallMatrix {
    let d: Int
    let start: UnsafeMutablePointer<Float>

    var count: Int { d * d }

    init(_ d: Int, _ start: UnsafeMutablePointer<Float>) {
        self.d = d
        self.start = start
    }

    /// Matrix number `index` of those that lie one after the other from `start` on.
    init(_ d: Int, _ start: UnsafeMutablePointer<Float>, _ index: Int) {
        self.init(d, start + index * d * d)
    }

    /// self = α·a·b + β·self; neither factor may be self.
    func become(
        _ alpha: Float, _ a: SmallMatrix, _ b: SmallMatrix, plus beta: Float = 0
    ) {
        let d = Int32(d)
        cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, d, d, d, alpha, a.start, d, b.start, d, beta,
            start, d)
    }

    /// self = α·a
    func become(_ alpha: Float, _ a: SmallMatrix) {
        for i in 0..<count { start[i] = alpha * a.start[i] }
    }

    /// self += α·I
    func addToDiagonal(_ alpha: Float) {
        for i in 0..<d { start[i * (d + 1)] += alpha }
    }

    func clear() { start.update(repeating: 0, count: count) }

    /// The sum over the diagonal, in double precision.
    var trace: Double { (0..<d).reduce(0) { $0 + Double(start[$1 * (d + 1)]) } }

    /// Σ a·b over all elements, in double precision.
    func dot(_ other: SmallMatrix) -> Double {
        var sum = 0.0
        for i in 0..<count { sum += Double(start[i]) * Double(other.start[i]) }
        return sum
    }
}

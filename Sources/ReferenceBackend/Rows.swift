/// The two inner loops that matter: both run over contiguous numbers, eight at a time.
enum Rows {
    /// target[x] += Σ_t factors[t · factorStride] · rows[t · rowStride + x], for `count` values of x
    ///
    /// Eight sums stay in registers while t runs; adding the rows one after the other in memory is
    /// three times slower.
    @inline(__always)
    static func addCombination<Scalar: ReferenceScalar>(
        of rows: UnsafePointer<Scalar>, rowStride: Int, termCount: Int,
        factors: UnsafePointer<Scalar>, factorStride: Int,
        to target: UnsafeMutablePointer<Scalar>, count: Int
    ) {
        var x = 0
        while x + 8 <= count {
            var sum = load8(target + x)
            for t in 0..<termCount {
                sum += factors[t * factorStride] * load8(rows + (t * rowStride + x))
            }
            store8(sum, target + x)
            x += 8
        }
        while x < count {
            for t in 0..<termCount {
                target[x] += factors[t * factorStride] * rows[t * rowStride + x]
            }
            x += 1
        }
    }

    /// Σ_x a[x] · b[x], in eight interleaved sums that are added up at the end.
    @inline(__always)
    static func dot<Scalar: ReferenceScalar>(
        _ a: UnsafePointer<Scalar>, _ b: UnsafePointer<Scalar>, count: Int
    ) -> Scalar {
        var sums = SIMD8<Scalar>()
        var x = 0
        while x + 8 <= count {
            sums += load8(a + x) * load8(b + x)
            x += 8
        }
        var sum = sums.sum()
        while x < count {
            sum += a[x] * b[x]
            x += 1
        }
        return sum
    }

    @inline(__always)
    private static func load8<Scalar: ReferenceScalar>(_ row: UnsafePointer<Scalar>)
        -> SIMD8<Scalar>
    { UnsafeRawPointer(row).loadUnaligned(as: SIMD8<Scalar>.self) }

    @inline(__always)
    private static func store8<Scalar: ReferenceScalar>(
        _ numbers: SIMD8<Scalar>, _ row: UnsafeMutablePointer<Scalar>
    ) { UnsafeMutableRawPointer(row).storeBytes(of: numbers, as: SIMD8<Scalar>.self) }
}

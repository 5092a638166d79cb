/// IEEE 754 half precision: a format of files, in which nothing is computed.
public enum HalfPrecision {
    public static let byteCount = 2

    static let safetensorsName = "F16"

    /// The number with the given bits; every half is exactly a float32.
    public static func float(bitPattern bits: UInt16) -> Float {
        let sign: Float = bits >> 15 == 0 ? 1 : -1
        let (exponent, fraction) = (Int(bits >> 10 & 0x1F), Float(bits & 0x3FF))
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31 where fraction == 0: return sign * .infinity
        case 31: return .nan
        default:
            return Float(
                sign: sign < 0 ? .minus : .plus, exponent: exponent - 15,
                significand: 1 + fraction * 0x1p-10)
        }
    }

    /// The numbers of little-endian pairs of bytes.
    public static func floats(_ bytes: ArraySlice<UInt8>) -> [Float] {
        stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: byteCount).map {
            table[Int(UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8)]
        }
    }

    private static let table = (0...UInt16.max).map(float(bitPattern:))
}

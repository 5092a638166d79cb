public import Tensors

/// How a tensor's elements lie in memory: an order of axes, and blocks of consecutive indices
/// split off some of them as the innermost dimensions.
///
/// Written as oneDNN does: `abcd` is row-major, `acdb` channels-last, `aBcd16b` has the second
/// axis in blocks of 16, `ABcd16b16a` two nested blocks. A capital letter marks a blocked axis.
public struct Layout: Hashable, Sendable, CustomStringConvertible {
    public struct Block: Hashable, Sendable {
        public let axis: Int
        public let size: Int

        public init(axis: Int, size: Int) {
            self.axis = axis
            self.size = size
        }
    }

    /// The axes from outermost to innermost.
    public let order: [Int]
    /// The blocks from outermost to innermost.
    public let blocks: [Block]

    public init(order: [Int], blocks: [Block] = []) {
        precondition(order.sorted() == Array(order.indices), "\(order) is no order of axes")
        precondition(blocks.allSatisfy { order.indices.contains($0.axis) && $0.size > 0 })
        self.order = order
        self.blocks = blocks
    }

    public static func rowMajor(rank: Int) -> Layout { Layout(order: Array(0..<rank)) }

    public var rank: Int { order.count }

    public var isRowMajor: Bool { blocks.isEmpty && order == Array(order.indices) }

    /// Parses the notation above; nil if `text` is not of it.
    public init?(_ text: String) {
        var order: [Int] = []
        var blocks: [Block] = []
        var size = 0
        for scalar in text.unicodeScalars {
            let isBlock = !blocks.isEmpty || size > 0
            switch scalar {
            case "a"..."l" where size > 0:
                blocks.append(Block(axis: Int(scalar.value - 97), size: size))
                size = 0
            case "a"..."l" where !isBlock: order.append(Int(scalar.value - 97))
            case "A"..."L" where !isBlock: order.append(Int(scalar.value - 65))
            case "0"..."9" where size < 10_000: size = size * 10 + Int(scalar.value - 48)
            default: return nil
            }
        }
        let isComplete = size == 0 && order.sorted() == Array(order.indices)
        guard isComplete, blocks.allSatisfy({ order.indices.contains($0.axis) }) else { return nil }
        self.init(order: order, blocks: blocks)
        // Catches what the letters alone do not say: capitals without a block, leading zeros.
        guard description == text else { return nil }
    }

    public var description: String {
        if order.isEmpty { return "scalar" }
        let blocked = Set(blocks.map(\.axis))
        let outer = order.map { letter($0, capital: blocked.contains($0)) }
        return outer.joined()
            + blocks.map { "\($0.size)" + letter($0.axis, capital: false) }.joined()
    }

    private func letter(_ axis: Int, capital: Bool) -> String {
        String(UnicodeScalar(UInt8(axis) + (capital ? 65 : 97)))
    }

    /// The product of the block sizes of `axis`.
    public func blockSize(of axis: Int) -> Int {
        blocks.reduce(1) { $1.axis == axis ? $0 * $1.size : $0 }
    }

    /// The extents in memory: every blocked axis is rounded up to whole blocks.
    public func paddedShape(of shape: Shape) -> Shape {
        Shape(
            shape.dimensions.enumerated().map { axis, extent in
                let size = blockSize(of: axis)
                return (extent + size - 1) / size * size
            })
    }

    public func isPadded(_ shape: Shape) -> Bool { paddedShape(of: shape) != shape }

    public func byteCount(of spec: TensorSpec) -> Int {
        paddedShape(of: spec.shape).count * spec.scalarType.byteCount
    }

    /// Where elements lie: the element with index (i₀, i₁, …) is at Σ table[axis][i_axis], counted
    /// in elements. Blocked layouts are separable, so one short table per axis says it all.
    public func offsetTables(of shape: Shape) -> [[Int]] {
        var stride = 1
        // Per axis, from the innermost digit outwards: (radix, stride).
        var digits: [[(radix: Int, stride: Int)]] = Array(repeating: [], count: rank)
        for block in blocks.reversed() {
            digits[block.axis].append((block.size, stride))
            stride *= block.size
        }
        let padded = paddedShape(of: shape)
        for axis in order.reversed() {
            let outer = max(1, padded[axis] / blockSize(of: axis))
            digits[axis].append((outer, stride))
            stride *= outer
        }
        return shape.dimensions.enumerated().map { axis, extent in
            (0..<extent).map { index in
                var (rest, offset) = (index, 0)
                for digit in digits[axis] {
                    offset += rest % digit.radix * digit.stride
                    rest /= digit.radix
                }
                return offset
            }
        }
    }
}

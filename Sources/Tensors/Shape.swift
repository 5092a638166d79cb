/// The extents of a tensor, outermost first, in logical order (`[N, C, H, W]`, `[O, I, H, W]`).
public struct Shape: Hashable, Sendable, Codable, ExpressibleByArrayLiteral,
    CustomStringConvertible
{
    public let dimensions: [Int]

    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "negative extent in \(dimensions)")
        self.dimensions = dimensions
    }

    public init(arrayLiteral elements: Int...) { self.init(elements) }

    /// The shape of a single number.
    public static let scalar = Shape([])

    public var rank: Int { dimensions.count }

    /// The number of elements; 1 for a scalar.
    public var count: Int { dimensions.reduce(1, *) }

    public subscript(axis: Int) -> Int { dimensions[axis] }

    /// The number of elements of one slice along `axis`: for a filter, its fan-in.
    public func countPerSlice(along axis: Int) -> Int {
        dimensions[axis] == 0 ? 0 : count / dimensions[axis]
    }

    public var description: String {
        "[" + dimensions.map(String.init).joined(separator: ", ") + "]"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let dimensions = try container.decode([Int].self)
        guard dimensions.allSatisfy({ $0 >= 0 }) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "a shape has no negative extents: \(dimensions)")
        }
        self.init(dimensions)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(dimensions)
    }
}

/// What a stream of random numbers is for. Streams never share numbers.
public enum RandomStream: UInt32, Sendable, CaseIterable {
    case initialization = 1
    case order = 2
    case augmentation = 3
    case synthesis = 4
    case dropout = 5
    case test = 6
}

/// Random numbers that depend on nothing but their key: (seed, stream, epoch, index).
///
/// Philox 4×32 with ten rounds: the seed is the key; draw, stream, epoch and index are the four
/// counter words. Two generators with the same key give the same numbers on every machine, and
/// no generator's numbers depend on what another one drew before.
///
/// *Reference:* Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
public struct CounterRandom: RandomNumberGenerator, Sendable {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var block = SIMD4<UInt32>()
    private var unusedPairs = 0

    public init(seed: UInt64, stream: RandomStream, epoch: Int = 0, index: Int = 0) {
        self.init(
            seed: seed, stream: stream, high: UInt32(truncatingIfNeeded: epoch),
            low: UInt32(truncatingIfNeeded: index))
    }

    /// Numbers that belong to a name, such as a parameter's path: FNV-1a of its UTF-8 takes the
    /// place of epoch and index.
    public init(seed: UInt64, stream: RandomStream, name: String) {
        let hash = Self.digest(of: name)
        self.init(
            seed: seed, stream: stream, high: UInt32(truncatingIfNeeded: hash >> 32),
            low: UInt32(truncatingIfNeeded: hash))
    }

    /// FNV-1a of a name's UTF-8.
    public static func digest(of name: String) -> UInt64 {
        name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }

    private init(seed: UInt64, stream: RandomStream, high: UInt32, low: UInt32) {
        key = [UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)]
        counter = [0, stream.rawValue, high, low]
    }

    /// The next 64 bits: the words of a block in order, two at a time, the first one lower.
    public mutating func next() -> UInt64 {
        if unusedPairs == 0 {
            block = Self.philox(counter: counter, key: key)
            counter[0] &+= 1
            unusedPairs = 2
        }
        unusedPairs -= 1
        let first = unusedPairs == 1 ? 0 : 2
        return UInt64(block[first]) | UInt64(block[first + 1]) << 32
    }

    /// The generator as it is after `count` calls of ``next()``; `count` is even, and nothing was
    /// drawn before.
    public func advanced(byPairs count: Int) -> CounterRandom {
        precondition(count.isMultiple(of: 2) && unusedPairs == 0, "inside a block")
        var random = self
        random.counter[0] &+= UInt32(truncatingIfNeeded: count / 2)
        return random
    }

    /// A number in [0, 1): the upper 53 of the next 64 bits.
    public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

    public mutating func uniform(in range: Range<Double>) -> Double {
        range.lowerBound + uniform() * (range.upperBound - range.lowerBound)
    }

    /// An integer in `0 ..< bound`, each equally likely (Lemire's multiplication with rejection).
    public mutating func integer(below bound: Int) -> Int {
        precondition(bound > 0, "there is no integer below \(bound) and at least 0")
        let bound = UInt64(bound)
        let threshold = (0 &- bound) % bound
        while true {
            let product = next().multipliedFullWidth(by: bound)
            if product.low >= threshold { return Int(product.high) }
        }
    }

    /// The integers `0 ..< count` in random order (Fisher–Yates).
    public mutating func permutation(of count: Int) -> [Int32] {
        var order = (0..<Int32(count)).map { $0 }
        for last in stride(from: count - 1, to: 0, by: -1) {
            order.swapAt(last, integer(below: last + 1))
        }
        return order
    }

    /// One Philox block: ten rounds of two 32×32-bit multiplications.
    static func philox(counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
        // Scalars: moving words in and out of vector lanes takes longer than the arithmetic.
        var (a, b, c, d) = (counter[0], counter[1], counter[2], counter[3])
        var (low, high) = (key[0], key[1])
        for _ in 0..<10 {
            let first = UInt64(a) &* 0xD251_1F53
            let second = UInt64(c) &* 0xCD9E_8D57
            a = UInt32(truncatingIfNeeded: second >> 32) ^ b ^ low
            b = UInt32(truncatingIfNeeded: second)
            c = UInt32(truncatingIfNeeded: first >> 32) ^ d ^ high
            d = UInt32(truncatingIfNeeded: first)
            low &+= 0x9E37_79B9
            high &+= 0xBB67_AE85
        }
        return [a, b, c, d]
    }
}

import CKernels
import Tensors
import Testing

/// A tensor `[N, C, S]` of doubles that can be laid out as the kernels want it.
struct TestActivation: CustomTestStringConvertible, Sendable {
    let images: Int
    let channels: Int
    let space: Int
    /// As in `gcb_activation`.
    let block: Int

    var testDescription: String { "[\(images), \(channels), \(space)] in blocks of \(block)" }

    var shape: gcb_activation { shape(gcb_format_float32) }

    func shape(_ format: gcb_format) -> gcb_activation {
        gcb_activation(
            images: Int64(images), channels: Int64(channels), space: Int64(space),
            block: Int64(block), format: format)
    }

    var count: Int { images * channels * space }

    private var blockCount: Int { (channels + block - 1) / block }

    var storedCount: Int { block == 0 ? count : images * blockCount * block * space }

    func index(_ n: Int, _ c: Int, _ s: Int) -> Int { (n * channels + c) * space + s }

    private func offset(_ n: Int, _ c: Int, _ s: Int) -> Int {
        block == 0
            ? (n * space + s) * channels + c
            : ((n * blockCount + c / block) * space + s) * block + c % block
    }

    /// Calls `body` with every logical index and where it is stored.
    private func forEach(_ body: (_ index: Int, _ offset: Int) -> Void) {
        for n in 0..<images {
            for c in 0..<channels {
                for s in 0..<space { body(index(n, c, s), offset(n, c, s)) }
            }
        }
    }

    /// The numbers as they are stored, padding zero.
    func stored(_ values: [Double]) -> [Float] {
        var memory = [Float](repeating: 0, count: storedCount)
        forEach { memory[$1] = Float(values[$0]) }
        return memory
    }

    /// The numbers in logical order; expects padding to be zero, unless it has no meaning.
    func logical(_ memory: [Float], ignoringPadding: Bool = false) -> [Double] {
        var values = [Double](repeating: 0, count: count)
        var rest = memory
        forEach {
            values[$0] = Double(memory[$1])
            rest[$1] = 0
        }
        #expect(ignoringPadding || rest.allSatisfy { $0 == 0 }, "padding is not zero")
        return values
    }

    /// Normal numbers with a mean of their own per channel, as float32 holds them.
    func numbers(seed: UInt64, mean: Double = 0) -> [Double] {
        var random = CounterRandom(seed: seed, stream: .test)
        return (0..<count).map { number in
            let channel = number / space % channels
            return Double(Float(random.normal() + mean * Double(channel % 5 - 2)))
        }
    }

    /// Odd extents, single images, channels that fill no block, and all layouts.
    static let all: [TestActivation] =
        [0, 1, 8, 16].flatMap { block in
            [(3, 16, 9), (1, 20, 25), (4, 6, 2), (5, 40, 36)].map {
                TestActivation(images: $0.0, channels: $0.1, space: $0.2, block: block)
            }
        } + [TestActivation(images: 2, channels: 16, space: 1100, block: 16)]
}

/// Largest distance relative to the largest expected magnitude.
func distance(_ actual: [Double], _ expected: [Double]) -> Double {
    guard actual.count == expected.count else { return .infinity }
    let scale = expected.reduce(1e-30) { max($0, abs($1)) }
    return zip(actual, expected).reduce(0) { worst, pair in
        pair.0.isNaN != pair.1.isNaN ? .infinity : max(worst, abs(pair.0 - pair.1) / scale)
    }
}

func randomNumbers(_ count: Int, seed: UInt64) -> [Double] {
    var random = CounterRandom(seed: seed, stream: .test)
    return (0..<count).map { _ in Double(Float(random.normal())) }
}

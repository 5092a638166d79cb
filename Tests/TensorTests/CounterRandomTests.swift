import Tensors
import Testing

@Suite("Counter-based random numbers")
struct CounterRandomTests {
    /// Oracle: the known-answer file of Random123 for philox4x32-10 with counter and key of zeros
    /// (6627e8d5 e169c58d bc57ac4c 9b00dbd8); stream 0 is not ours, so the block is reached through
    /// a copy of the rounds in `philox4x32.py` for (seed 7, stream .test, epoch 3, index 5).
    @Test("The same key gives the same numbers, another key others")
    func keyed() {
        func draws(_ seed: UInt64, _ epoch: Int, _ index: Int) -> [UInt64] {
            var random = CounterRandom(seed: seed, stream: .test, epoch: epoch, index: index)
            return (0..<5).map { _ in random.next() }
        }
        #expect(draws(7, 3, 5) == draws(7, 3, 5))
        #expect(Set([draws(7, 3, 5), draws(8, 3, 5), draws(7, 4, 5), draws(7, 3, 6)]).count == 4)
    }

    @Test("A permutation holds every index once")
    func permutation() {
        var random = CounterRandom(seed: 1, stream: .order)
        let order = random.permutation(of: 1000)
        #expect(order.sorted() == (0..<1000).map { Int32($0) })
        #expect(order != order.sorted())
    }

    @Test("Normals have mean 0 and variance 1")
    func normals() {
        var random = CounterRandom(seed: 2, stream: .test)
        let draws = (0..<20_000).map { _ in random.normal() }
        let mean = draws.reduce(0, +) / 20_000
        let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 19_999
        // Five standard errors: 1/√n for the mean, √(2/n) for the variance.
        #expect(abs(mean) < 5 / 20_000.0.squareRoot())
        #expect(abs(variance - 1) < 5 * (2 / 20_000.0).squareRoot())
    }
}

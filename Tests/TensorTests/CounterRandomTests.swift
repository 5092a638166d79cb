import Tensors
import Testing

@Suite("Counter-based random numbers")
struct CounterRandomTests {
    /// Oracle: `Tests/Goldens/counter_random.py`, an implementation of its own that is checked
    /// against the known answers of Random123 for philox4x32-10.
    @Test("Numbers are Philox's, bit for bit")
    func bits() {
        var random = CounterRandom(seed: 7, stream: .test, epoch: 3, index: 5)
        #expect(
            (0..<5).map { _ in random.next() } == [
                0xA100_0173_009F_7694, 0x145A_5F56_5B8D_57A0, 0xFFF8_B653_B008_853D,
                0x8AF2_0F41_22E4_D7DC, 0x5637_758E_BDCF_D58C,
            ])
        var named = CounterRandom(
            seed: 1 << 40 | 5, stream: .initialization, name: "layer1.0.conv1.weight")
        #expect(
            (0..<3).map { _ in named.next() } == [
                0xA57B_4EAD_85ED_7C30, 0x1139_ECE8_184B_1C80, 0x04CC_EE7A_3066_C477,
            ])
        var uniform = CounterRandom(seed: 0, stream: .initialization, name: "conv1.weight")
        #expect(uniform.uniform(in: -0.25..<0.25) == 0.001009925663665312)
        #expect(uniform.uniform(in: -0.25..<0.25) == 0.09339938656225732)
    }

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

    @Test("Numbers drawn side by side are those drawn one after the other")
    func stretches() {
        var random = CounterRandom(seed: 7, stream: .test)
        let tensor = HostTensor([300, 301], from: random, pairsPerNumber: 2) { $0.normal() }
        #expect(tensor.doubles() == (0..<90_300).map { _ in random.normal() })
    }
}

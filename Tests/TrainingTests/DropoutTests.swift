import Foundation
import Graphs
import ReferenceBackend
import Tensors
import Testing

@Suite("Dropout")
struct DropoutTests {
    private static let count = 1 << 16

    private func mask(rate: Double, layer: String = "dropout", key: Int64) -> [Bool] {
        let rule = Dropout(rate: rate, layer: CounterRandom.digest(of: layer))
        let words = rule.words(key: key)
        return (0..<Self.count).map { rule.keeps(UInt32($0), of: words) }
    }

    /// Oracle: the binomial distribution; five deviations either way.
    @Test("The share that is kept is 1 − p", arguments: [0.1, 0.25, 0.5, 0.9])
    func share(rate: Double) {
        for key in [0, 1, -1, 0x7FFF_FFFF_FFFF_FFFF] as [Int64] {
            let kept = Double(mask(rate: rate, key: key).count { $0 })
            let deviation = (Double(Self.count) * rate * (1 - rate)).squareRoot()
            #expect(abs(kept - Double(Self.count) * (1 - rate)) < 5 * deviation)
        }
    }

    /// Oracle: of independent masks with p = ½ half of the elements agree, give or take √n/2.
    @Test("Elements near each other, keys, steps and layers are independent")
    func independence() {
        let base = mask(rate: 0.5, key: 1)
        let others =
            [
                mask(rate: 0.5, key: 2), mask(rate: 0.5, key: 1 << 32), mask(rate: 0.5, key: ~1),
                mask(rate: 0.5, layer: "dropout_1", key: 1),
                mask(rate: 0.5, layer: "dropous", key: 1),
            ] + [1, 2, 7, 16, 64, 1_000].map { Array(base[$0...] + base[..<$0]) }
        for other in others {
            let agreeing = Double(zip(base, other).count { $0 == $1 })
            let deviation = Double(Self.count).squareRoot() / 2
            #expect(abs(agreeing - Double(Self.count) / 2) < 5 * deviation)
        }
    }

    @Test("The backward pass drops what the forward pass dropped, and each step something else")
    func steps() throws {
        let graph = GraphBuilder(precision: .float64)
        let x = graph.parameter("x", [4, 3, 5, 5], Parameter(role: .bias), .constant(1))
        let y = try graph.scope("dropout") { try graph.dropout(x, rate: 0.25) }
        let loss = try graph.softmaxCrossEntropy(
            try graph.flatten(y), labels: graph.input("labels", TensorSpec([4], .int64)))
        graph.output("y", y)
        graph.output("dx", try graph.gradients(of: loss)[0].1)
        let plan = try Planner(target: ReferenceTarget()).plan(graph.finish())
        let executor = try Executor.make(plans: [plan], on: ReferenceBackend<Double>())
        try executor.load(
            HostTensor(Array(repeating: 1.0, count: 300), shape: [4, 3, 5, 5]),
            into: try #require(graph.finish().variable("x")))
        var masks: [[Bool]] = []
        for key in [5, 6, 5] as [Int64] {
            try executor.write(key, to: try #require(plan.input(GraphBuilder.dropoutKeyName)))
            try executor.run()
            let y = try executor.read(try #require(plan.output("y"))).doubles()
            let dx = try executor.read(try #require(plan.output("dx"))).doubles()
            #expect(Set(y) == [0, 4.0 / 3])
            #expect(zip(y, dx).allSatisfy { ($0 == 0) == ($1 == 0) })
            masks.append(y.map { $0 != 0 })
        }
        #expect(masks[0] != masks[1] && masks[0] == masks[2])
    }
}

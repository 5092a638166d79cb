import Graphs
import Optimizers
import ReferenceBackend
import Tensors
import Testing

/// What centralization promises of a whole training run, decay and momentum included.
///
/// *Reference:* reference §1.4: decay is centralized too, so the mean of each filter stays.
@Suite("Centralization over a training run")
struct CentralizationTests {
    private func run(_ mode: GradientCentralizationMode) throws -> GoldenRun {
        try GoldenRun.make(
            mode, on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
            stepCount: 3, batch: 8)
    }

    /// The largest change of a filter's mean, for each kernel.
    private func drifts(of run: GoldenRun) throws -> [String: Double] {
        var drifts: [String: Double] = [:]
        for (name, start) in run.start where start.shape.rank > 1 {
            let end = try #require(run.tensors[name])
            drifts[name] = zip(means(of: start), means(of: end)).map { abs($0 - $1) }.max()
        }
        return drifts
    }

    private func means(of kernel: HostTensor) -> [Double] {
        let fanIn = kernel.shape.countPerSlice(along: 0)
        let numbers = kernel.doubles()
        return (0..<kernel.shape[0]).map { output in
            numbers[output * fanIn..<(output + 1) * fanIn].reduce(0, +) / Double(fanIn)
        }
    }

    @Test("Every filter's mean stays what it was with gc, moves without it")
    func means() throws {
        let (centralized, plain) = (try drifts(of: run(.gc)), try drifts(of: run(.none)))
        #expect(centralized.count == 10)
        #expect(centralized.values.allSatisfy { $0 < 1e-15 })
        #expect(plain.values.allSatisfy { $0 > 1e-7 })
    }

    @Test("gcc keeps the means of convolutions and lets those of the classifier move")
    func convolutionsOnly() throws {
        let drifts = try drifts(of: run(.gcc))
        #expect(drifts.allSatisfy { ($0.value < 1e-15) == ($0.key != "fc.weight") })
    }

    @Test("Norms and biases are never centralized")
    func vectors() throws {
        let first = try GoldenRun.make(
            .gc, on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
            stepCount: 1, batch: 8)
        let plain = try GoldenRun.make(
            .none, on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
            stepCount: 1, batch: 8)
        for (name, start) in first.start where start.shape.rank == 1 {
            #expect(first.tensors[name] == plain.tensors[name], "\(name)")
        }
    }
}

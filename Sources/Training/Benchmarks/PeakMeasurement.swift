public import Graphs
import Tensors

/// Measures a backend's peaks with its own matrix product and its own copy, large enough that
/// caches do not help.
public struct PeakMeasurement<Engine: Backend & ~Copyable>: ~Copyable {
    private let plans: [Plan]
    private let executor: Executor<Engine>

    /// Three matrices of 36 MB each; a copy of 128 MB.
    private static var matrixExtent: Int { 3072 }
    private static var copyCount: Int { 32 << 20 }
    private static var repetitions: Int { 5 }

    public static func make(target: any Target, engine: consuming Engine) throws
        -> PeakMeasurement
    {
        let planner = Planner(target: target)
        let plans = [try planner.plan(matrixProduct()), try planner.plan(copy())]
        return PeakMeasurement(
            plans: plans, executor: try Executor.make(plans: plans, on: engine))
    }

    private init(plans: [Plan], executor: consuming Executor<Engine>) {
        self.plans = plans
        self.executor = executor
    }

    public func measure() throws -> MachinePeaks {
        for plan in plans {
            for input in plan.inputs {
                try executor.write(Self.numbers(input.region.spec), to: input.region)
            }
        }
        let operations = 2 * Double(Self.matrixExtent * Self.matrixExtent * Self.matrixExtent)
        let bytes = 2 * Double(Self.copyCount * ScalarType.float32.byteCount)
        return MachinePeaks(
            matrixGigaflopsPerSecond: 1e-9 * operations / (try shortestRun(of: 0)),
            copyGigabytesPerSecond: 1e-9 * bytes / (try shortestRun(of: 1)))
    }

    /// A peak is what is reached at best.
    private func shortestRun(of plan: Int) throws -> Double {
        var shortest = Double.infinity
        for _ in 0...Self.repetitions {
            let watch = Stopwatch()
            try executor.run(plan: plan)
            shortest = min(shortest, watch.seconds)
        }
        return shortest
    }

    private static func numbers(_ spec: TensorSpec) -> HostTensor {
        HostTensor((0..<spec.shape.count).map { Float($0 % 7) - 3 }, shape: spec.shape)
    }

    private static func matrixProduct() throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: .float32)
        let spec = TensorSpec([matrixExtent, matrixExtent], .float32)
        let product = MatrixProduct(transposesLeft: false, transposesRight: false)
        let (left, right) = (graph.input("left", spec), graph.input("right", spec))
        graph.output("product", try graph.apply(.matrixProduct(product), to: [left, right])[0])
        return graph.finish()
    }

    private static func copy() throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: .float32)
        let source = graph.input("source", TensorSpec([copyCount], .float32))
        graph.output("copy", try graph.apply(.copy(Copy()), to: [source])[0])
        return graph.finish()
    }
}

public import Graphs
import Tensors

/// Measures a backend's peaks with its own products and its own copy, large enough that caches do
/// not help.
///
/// The product is taken in two forms, as one of matrices (in master precision) and as a
/// convolution with a 1×1 kernel, which is the same sum over channels in the precision and the
/// layout that networks compute in; the better one counts.
public struct PeakMeasurement<Engine: Backend & ~Copyable>: ~Copyable {
    private let products: [Plan]
    private let copy: Plan
    private let executor: Executor<Engine>

    /// Three matrices of 36 MB each; 25.8·10⁹ operations of the convolution; a copy of 128 MB.
    private static var matrixExtent: Int { 3072 }
    private static var channelCount: Int { 2048 }
    private static var imageExtent: Int { 56 }
    private static var copyCount: Int { 32 << 20 }
    private static var repetitions: Int { 5 }

    public static func make(precision: Precision, target: any Target, engine: consuming Engine)
        throws -> PeakMeasurement
    {
        // The source stays where it is, or its copy would be laid into the same place.
        let planner = Planner(target: target, options: PlanOptions(keepsInputs: true))
        var graphs = [try convolution(precision)]
        if precision.activations == precision.master { graphs.append(try matrixProduct(precision)) }
        let plans = try (graphs + [try copy()]).map { try planner.plan($0) }
        return PeakMeasurement(
            products: plans.dropLast(), copy: plans[plans.count - 1],
            executor: try Executor.make(plans: plans, on: engine))
    }

    private init(products: [Plan], copy: Plan, executor: consuming Executor<Engine>) {
        self.products = products
        self.copy = copy
        self.executor = executor
    }

    public func measure() throws -> MachinePeaks {
        for plan in products + [copy] {
            for input in plan.inputs {
                try executor.write(Self.numbers(input.region.spec), to: input.region)
            }
        }
        let rates = try products.indices.map { index in
            let instructions = products[index].instructions
            guard let number = instructions.firstIndex(where: { $0.multiplyAdds > 0 }) else {
                return 0.0
            }
            let operations = 2 * Double(instructions[number].multiplyAdds)
            return 1e-9 * operations / (try shortestRun(of: number, in: index))
        }
        let bytes = 2 * Double(Self.copyCount * ScalarType.float32.byteCount)
        let number = copy.instructions.count - 1
        return MachinePeaks(
            matrixGigaflopsPerSecond: rates.max() ?? 0,
            copyGigabytesPerSecond:
                1e-9 * bytes / (try shortestRun(of: number, in: products.count)))
    }

    /// Seconds of one instruction of a plan; a peak is what is reached at best.
    private func shortestRun(of number: Int, in plan: Int) throws -> Double {
        var shortest = Double.infinity
        for _ in 0...Self.repetitions {
            var watch = Stopwatch()
            try executor.run(plan: plan) { index, isOver in
                guard index == number else { return }
                if isOver { shortest = min(shortest, watch.seconds) } else { watch = Stopwatch() }
            }
        }
        return shortest
    }

    private static func numbers(_ spec: TensorSpec) -> HostTensor {
        HostTensor((0..<spec.shape.count).map { Float($0 % 7) - 3 }, shape: spec.shape)
            .converted(to: spec.scalarType)
    }

    private static func matrixProduct(_ precision: Precision) throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: precision)
        let spec = TensorSpec([matrixExtent, matrixExtent], precision.master)
        let product = MatrixProduct(transposesLeft: false, transposesRight: false)
        let (left, right) = (graph.input("left", spec), graph.input("right", spec))
        graph.output("product", try graph.apply(.matrixProduct(product), to: [left, right])[0])
        return graph.finish()
    }

    private static func convolution(_ precision: Precision) throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: precision)
        let type = precision.activations
        let image = TensorSpec([1, channelCount, imageExtent, imageExtent], type)
        let weight = TensorSpec([channelCount, channelCount, 1, 1], type)
        let rule = Convolution(window: Window(kernel: 1), groups: 1)
        let operands = [graph.input("image", image), graph.input("weight", weight)]
        graph.output("product", try graph.apply(.convolution(rule), to: operands)[0])
        return graph.finish()
    }

    private static func copy() throws(ShapeError) -> Graph {
        let graph = GraphBuilder(precision: .float32)
        let source = graph.input("source", TensorSpec([copyCount], .float32))
        graph.output("copy", try graph.apply(.copy(Copy()), to: [source])[0])
        return graph.finish()
    }
}

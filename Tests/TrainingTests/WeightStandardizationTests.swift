import Graphs
import Models
import ReferenceBackend
import Specifications
import Tensors
import Testing

@Suite("Weight standardization and centralization")
struct WeightStandardizationTests {
    /// Oracle: ŵ does not change when a number is added to a whole filter, so that the loss's
    /// gradient has mean zero there: centralization would remove nothing.
    @Test("Every filter's gradient has mean zero already, but for the classifier's")
    func centered() throws {
        let graph = GraphBuilder(precision: .float64)
        let layers = LayerWriter(
            graph: graph, normalization: Normalization(.batch, standardizesWeights: true),
            initialization: .torch, isTraining: true)
        let images = graph.input("images", TensorSpec([4, 3, 12, 12], .float64))
        let scores = try Backbone.resnet8(images, stem: .imagenet, classCount: 10, in: layers)
        let loss = try graph.softmaxCrossEntropy(
            scores, labels: graph.input("labels", TensorSpec([4], .int64)))
        for (variable, gradient) in try graph.gradients(of: loss) {
            graph.output(variable.path, gradient)
        }
        let finished = graph.finish()
        let plan = try Planner(target: ReferenceTarget()).plan(finished)
        let executor = try Executor.make(plans: [plan], on: ReferenceBackend<Double>())
        for variable in finished.variables {
            try executor.load(numbers(variable.spec.shape, variable.path), into: variable)
        }
        try executor.write(
            numbers([4, 3, 12, 12], "images"), to: try #require(plan.input("images")))
        try executor.run()
        let kernels = finished.variables.filter { $0.parameter?.role == .convolutionKernel }
        #expect(kernels.count == 9)
        for kernel in kernels {
            let gradient = try executor.read(try #require(plan.output(kernel.path)))
            #expect(largestMean(of: gradient) < 1e-13, "\(kernel.path)")
        }
        let head = try executor.read(try #require(plan.output("fc.weight")))
        #expect(largestMean(of: head) > 1e-3)
    }

    /// The largest mean of a filter, as a share of the largest number.
    private func largestMean(of tensor: HostTensor) -> Double {
        let (numbers, fanIn) = (tensor.doubles(), tensor.shape.countPerSlice(along: 0))
        let means = (0..<tensor.shape[0]).map { o in
            numbers[o * fanIn..<(o + 1) * fanIn].reduce(0, +) / Double(fanIn)
        }
        let scale = numbers.reduce(0) { max($0, abs($1)) }
        return means.reduce(0) { max($0, abs($1)) } / scale
    }

    private func numbers(_ shape: Shape, _ name: String) -> HostTensor {
        var random = CounterRandom(seed: 1, stream: .test, name: name)
        return HostTensor(
            (0..<shape.count).map { _ in random.uniform(in: -0.5..<1) }, shape: shape)
    }
}

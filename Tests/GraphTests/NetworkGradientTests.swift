import Foundation
import Graphs
import Models
import Tensors
import Testing

@Suite("Gradients of whole networks")
struct NetworkGradientTests {
    /// Oracle: (L(θ + h·v) − L(θ − h·v)) / 2h along a random direction v through all parameters.
    /// Some ReLU crosses its kink between the two points, which costs a few digits.
    @Test(
        "The derivative along a random direction is the gradient's share of it",
        arguments: [
            Normalization.batch, .group(groups: 4), .layer, .frozenBatch, .none,
            Normalization(.batch, standardizesWeights: true),
        ])
    func direction(normalization: Normalization) throws {
        let run = try DoubleRun.make(try graph(normalization))
        let parameters = run.graph.variables.filter { $0.parameter != nil }
        let start = parameters.map { variable in
            let count = variable.spec.shape.count
            let bound =
                variable.path.hasPrefix("bn") ? 0.5 : 1 / Double(variable.fanIn).squareRoot()
            return draws(count, 1, variable.path, in: -bound..<bound)
        }
        let direction = parameters.map { draws($0.spec.shape.count, 2, $0.path, in: -1..<1) }
        let images = draws(4 * 3 * 12 * 12, 3, "images", in: -1..<1)
        func loss(at distance: Double) throws -> Double {
            for (index, parameter) in parameters.enumerated() {
                let moved = zip(start[index], direction[index]).map { $0 + distance * $1 }
                try run.load(moved, into: parameter)
            }
            try run.write(images, to: "images")
            try run.write([0, 3, 9, 3], to: "labels")
            try run.run()
            return try run.output("loss")[0]
        }
        _ = try loss(at: 0)
        let derivative = try zip(parameters, direction).reduce(0.0) { sum, pair in
            let gradient = try run.output(pair.0.path)
            return sum + zip(gradient, pair.1).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let step = 1e-7
        let difference = (try loss(at: step) - loss(at: -step)) / (2 * step)
        #expect(abs(derivative) > 0.01)
        #expect(abs(derivative - difference) <= 1e-6 * abs(difference))
    }

    private func graph(_ normalization: Normalization) throws -> Graph {
        let graph = GraphBuilder(precision: .float64)
        let layers = LayerWriter(
            graph: graph, normalization: normalization, initialization: .torch, isTraining: true)
        let images = graph.input("images", TensorSpec([4, 3, 12, 12], .float64))
        let labels = graph.input("labels", TensorSpec([4], .int64))
        let scores = try Backbone.resnet8(images, stem: .imagenet, classCount: 10, in: layers)
        let loss = try graph.softmaxCrossEntropy(scores, labels: labels)
        graph.output("loss", loss)
        for (variable, gradient) in try graph.gradients(of: loss) {
            graph.output(variable.path, gradient)
        }
        return graph.finish()
    }
}

extension Variable {
    fileprivate var fanIn: Int { max(1, spec.shape.countPerSlice(along: 0)) }
}

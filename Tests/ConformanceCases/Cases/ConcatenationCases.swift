import Graphs
import Tensors

extension ConformanceCase {
    static let concatenations = plain + betweenConvolutions + shares

    /// Channels in whole blocks of 16, in none, and of matrices.
    private static let parts: [[Shape]] = [
        [[2, 16, 5, 7], [2, 32, 5, 7]], [[1, 3, 4, 4], [1, 17, 4, 4], [1, 1, 4, 4]],
        [[4, 64, 3, 3], [4, 32, 3, 3]], [[3, 5], [3, 2]], [[2, 7, 1, 1]],
    ]

    private static let plain = parts.map { shapes in
        ConformanceCase("concatenation \(shapes)", .exact) { writer throws(ShapeError) in
            let operands = shapes.enumerated().map { writer.activation("x\($0)", $1) }
            let y = try writer.apply(.concatenation(Concatenation()), to: operands)[0]
            let dy = writer.activation("dy", y.shape)
            var first = 0
            for (index, shape) in shapes.enumerated() {
                let rule = ConcatenationGradient(first: first, count: shape[1])
                try writer.apply(.concatenationGradient(rule), to: [dy], output: "d\(index)_")
                first += shape[1]
            }
        }
    }

    /// Behind and in front of convolutions, in whatever layout those like.
    private static let betweenConvolutions = [(16, 32), (24, 40), (3, 5)].map { first, second in
        ConformanceCase("concatenation of convolutions, \(first) and \(second)", .sum) {
            writer throws(ShapeError) in
            let x = writer.activation("x", [2, 16, 6, 5])
            var parts: [Value] = []
            for (index, outputs) in [first, second].enumerated() {
                let w = try writer.kernel("w\(index)", [outputs, 16, 1, 1])
                parts.append(try writer.graph.convolution(x, w, window: Window(kernel: 1)))
            }
            let both = try writer.apply(.concatenation(Concatenation()), to: parts)[0]
            let w = try writer.kernel("w", [16, first + second, 1, 1])
            writer.graph.output(
                "z", try writer.graph.convolution(both, w, window: Window(kernel: 1)))
        }
    }

    /// An operand's share and another gradient, in one pass.
    private static let shares =
        ([([2, 48, 5, 7], 16, 32), ([1, 20, 3, 3], 3, 7), ([5, 9], 2, 4)] as [(Shape, Int, Int)])
        .map { shape, first, count in
            ConformanceCase(
                "concatenation gradient+add \(shape) from \(first)", .elementWise
            ) { writer throws(ShapeError) in
                let dy = writer.activation("dy", shape)
                var dimensions = shape.dimensions
                dimensions[1] = count
                let other = writer.activation("a", Shape(dimensions))
                let rule = ConcatenationGradient(first: first, count: count, addsOther: true)
                try writer.apply(.concatenationGradient(rule), to: [dy, other])
            }
        }
}

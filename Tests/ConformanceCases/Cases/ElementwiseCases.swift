import Graphs
import Tensors

extension ConformanceCase {
    private static let shapes: [Shape] = [
        [1], [3, 10], [2, 17, 5, 7], [4, 48, 3, 3], [1, 16, 8, 8],
    ]

    static let elementWise = shapes.flatMap { shape in
        [
            ConformanceCase("relu \(shape)", .exact) { writer throws(ShapeError) in
                try writer.apply(.relu(Relu()), to: [writer.activation("x", shape)])
            },
            ConformanceCase("relu gradient \(shape)", .exact) { writer throws(ShapeError) in
                // A third of y is exactly zero, as behind a ReLU.
                let y = writer.activation("y", shape, .integers(below: 3))
                let dy = writer.activation("dy", shape)
                try writer.apply(.reluGradient(ReluGradient()), to: [dy, y])
            },
            ConformanceCase("add \(shape)", .elementWise) { writer throws(ShapeError) in
                let (a, b) = (writer.activation("a", shape), writer.activation("b", shape))
                try writer.apply(.add(Add()), to: [a, b])
            },
            ConformanceCase("add to itself \(shape)", .elementWise) { writer throws(ShapeError) in
                let a = writer.activation("a", shape)
                try writer.apply(.add(Add()), to: [a, a])
            },
            ConformanceCase("constant \(shape)", .elementWise) { writer throws(ShapeError) in
                try writer.apply(.constant(Constant(0.25, spec: writer.spec(shape))), to: [])
            },
            ConformanceCase("convert \(shape)", .elementWise) { writer throws(ShapeError) in
                let narrow = try writer.graph.convert(
                    writer.master("x", shape), to: writer.activations)
                writer.graph.output("narrow", narrow)
                writer.graph.output("wide", try writer.graph.convert(narrow, to: writer.master))
            },
            ConformanceCase("copy \(shape)", .exact) { writer throws(ShapeError) in
                try writer.apply(.copy(Copy()), to: [writer.activation("x", shape)])
            },
        ]
    }
}

import Graphs
import Tensors

extension ConformanceCase {
    static let dropouts =
        ([[2, 16, 5, 7], [3, 17, 3, 3], [1, 3, 4, 4], [5, 33], [2, 64, 9, 9]] as [Shape])
        .flatMap { shape in
            [0, 0.5, 0.9].map { rate in
                ConformanceCase("dropout \(rate) \(shape)", .elementWise) {
                    writer throws(ShapeError) in
                    let key = writer.input("key", TensorSpec(.scalar, .int64), .constant(12_345))
                    let rule = Dropout(rate: rate, layer: 0x1234_5678_9ABC_DEF0)
                    try writer.apply(.dropout(rule), to: [writer.activation("x", shape), key])
                }
            }
        } + behindConvolutions

    /// The same elements are dropped whatever layout a convolution leaves them in.
    private static let behindConvolutions = [16, 24, 5].map { outputs in
        ConformanceCase("dropout of a convolution's \(outputs) channels", .sum) {
            writer throws(ShapeError) in
            let x = writer.activation("x", [2, 16, 6, 5])
            let w = try writer.kernel("w", [outputs, 16, 3, 3])
            let key = writer.input("key", TensorSpec(.scalar, .int64), .constant(-7))
            let y = try writer.graph.convolution(x, w, window: Window(kernel: 3, padding: 1))
            try writer.apply(.dropout(Dropout(rate: 0.5, layer: 1)), to: [y, key])
        }
    }

    static let reshapes =
        ([([2, 16, 5, 7], [2, 560]), ([3, 12], [3, 3, 2, 2]), ([1, 3, 1, 1], [1, 3])]
        as [(Shape, Shape)])
        .map { from, to in
            ConformanceCase("reshape \(from) to \(to)", .exact) { writer throws(ShapeError) in
                try writer.apply(.reshape(Reshape(to: to)), to: [writer.activation("x", from)])
            }
        } + [behindConvolution]

    private static let behindConvolution = ConformanceCase("reshape of a convolution", .sum) {
        writer throws(ShapeError) in
        let x = writer.activation("x", [2, 16, 6, 5])
        let w = try writer.kernel("w", [32, 16, 3, 3])
        let y = try writer.graph.convolution(x, w, window: Window(kernel: 3))
        writer.graph.output("flat", try writer.graph.flatten(y))
    }
}

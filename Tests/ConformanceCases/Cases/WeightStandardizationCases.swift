import Graphs
import Tensors

extension ConformanceCase {
    static let weightStandardizations =
        ([[8, 3, 3, 3], [17, 5, 1, 1], [64, 16, 3, 3], [2, 300], [3, 1, 1, 5]] as [Shape])
        .map { shape in
            ConformanceCase("weight standardization \(shape)", .statistics) {
                writer throws(ShapeError) in
                // A mean that is large beside the deviation.
                let w = writer.weight("w", shape, .convolutionKernel, .uniform(0.5..<1.5))
                try writer.apply(.weightStandardization(WeightStandardization()), to: [w])
                let dy = writer.master("dy", shape)
                try writer.apply(
                    .weightStandardizationGradient(WeightStandardizationGradient()),
                    to: [dy, w], output: "dw")
            }
        } + [equalWeights]

    /// A filter of equal weights has no deviation: zeros, and no term that divides by it.
    private static let equalWeights = ConformanceCase(
        "weight standardization of equal weights", .statistics
    ) { writer throws(ShapeError) in
        let w = writer.weight("w", [4, 8, 1, 1], .convolutionKernel, .constant(0.25))
        try writer.apply(.weightStandardization(WeightStandardization()), to: [w])
        try writer.apply(
            .weightStandardizationGradient(WeightStandardizationGradient()),
            to: [writer.master("dy", [4, 8, 1, 1]), w], output: "dw")
    }
}

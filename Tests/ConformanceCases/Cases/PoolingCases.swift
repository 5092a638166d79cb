import Graphs
import Tensors

extension ConformanceCase {
    private static let windows: [(Shape, Window)] = [
        ([2, 16, 8, 8], Window(kernel: 2, stride: 2)),
        ([2, 3, 7, 9], Window(kernel: 2, stride: 2)),
        ([1, 17, 9, 8], Window(kernel: 3, stride: 2, padding: 1)),
        ([2, 64, 14, 14], Window(kernel: 3, stride: 2, padding: 1)),
        ([2, 5, 6, 7], Window(kernel: 3, stride: 1, padding: 1)),
        ([2, 3, 5, 5], Window(kernel: 5)),
        ([1, 3, 7, 7], Window(kernel: 2, stride: 3)),
    ]

    static let pooling =
        windows.flatMap { shape, window in
            let name =
                "\(window.kernel)×\(window.kernel) stride \(window.stride) "
                + "padding \(window.padding) \(shape)"
            return [
                maxPool(name, shape, window, .distinct),
                // As behind a ReLU: of equal numbers the first one wins.
                maxPool("\(name), many equal", shape, window, .integers(below: 3)),
                // One, several or none in a window: the result is NaN, and its place the last one's.
                maxPool("\(name), some NaN", shape, window, .distinctOrNaN(oneIn: 7)),
                averagePool(name, shape, window),
            ]
        } + globalPooling

    /// Both directions: positions pass from one to the other as the backend keeps them.
    private static func maxPool(
        _ name: String, _ shape: Shape, _ window: Window, _ numbers: Numbers
    ) -> ConformanceCase {
        ConformanceCase("max pool \(name)", .elementWise) { writer throws(ShapeError) in
            let x = writer.activation("x", shape, numbers)
            let results = try writer.apply(.maxPool(MaxPool(window: window)), to: [x])
            let dy = writer.activation("dy", results[0].shape)
            let rule = MaxPoolGradient(window: window, data: x.spec)
            try writer.apply(.maxPoolGradient(rule), to: [dy, results[1]], output: "dx")
        }
    }

    private static func averagePool(_ name: String, _ shape: Shape, _ window: Window)
        -> ConformanceCase
    {
        ConformanceCase("average pool \(name)", .sum) { writer throws(ShapeError) in
            let x = writer.activation("x", shape)
            let results = try writer.apply(.averagePool(AveragePool(window: window)), to: [x])
            let dy = writer.activation("dy", results[0].shape)
            let rule = AveragePoolGradient(window: window, data: x.spec)
            try writer.apply(.averagePoolGradient(rule), to: [dy], output: "dx")
        }
    }

    private static let globalPooling = ([[2, 64, 8, 8], [1, 3, 7, 5], [3, 17, 1, 1]] as [Shape])
        .map { shape in
            ConformanceCase("global average pool \(shape)", .sum) { writer throws(ShapeError) in
                let x = writer.activation("x", shape)
                try writer.apply(.globalAveragePool(GlobalAveragePool()), to: [x])
                let dy = writer.master("dy", [shape[0], shape[1]])
                let rule = GlobalAveragePoolGradient(data: x.spec)
                try writer.apply(.globalAveragePoolGradient(rule), to: [dy], output: "dx")
            }
        }
}

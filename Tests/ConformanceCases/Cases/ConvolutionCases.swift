import Graphs
import Tensors

/// The geometry of one convolution.
private struct Geometry {
    let name: String
    let x: Shape
    let outputs: Int
    let window: Window
    let groups: Int

    init(
        _ name: String, _ x: Shape, to outputs: Int, kernel: Int, stride: Int = 1,
        padding: Int = 0, groups: Int = 1
    ) {
        self.name = "\(name), \(x) to \(outputs) channels"
        self.x = x
        self.outputs = outputs
        window = Window(kernel: kernel, stride: stride, padding: padding)
        self.groups = groups
    }

    var w: Shape { [outputs, x[1] / groups, window.kernel, window.kernel] }

    /// Kernels of 3×3 with whole blocks of channels may be computed in tiles.
    var tolerance: Tolerance {
        let isTiled =
            window == Window(kernel: 3, padding: 1) && groups == 1 && x[1].isMultiple(of: 16)
            && outputs.isMultiple(of: 16)
        return isTiled ? .sumOfTiles : .sum
    }

    var y: Shape {
        [x[0], outputs, window.outputExtent(of: x[2]) ?? 0, window.outputExtent(of: x[3]) ?? 0]
    }

    static let all = [
        Geometry("1×1", [2, 16, 5, 7], to: 17, kernel: 1),
        Geometry("1×1 of one pixel", [3, 17, 1, 1], to: 3, kernel: 1),
        Geometry("1×1 stride 2", [3, 17, 9, 8], to: 16, kernel: 1, stride: 2),
        Geometry("1×1 wide", [2, 48, 7, 7], to: 64, kernel: 1),
        Geometry("1×1 of many pixels", [3, 32, 9, 15], to: 112, kernel: 1),
        Geometry("1×1 to fewer channels", [2, 80, 5, 13], to: 16, kernel: 1),
        Geometry("3×3", [2, 3, 8, 8], to: 16, kernel: 3, padding: 1),
        Geometry("3×3 batch 1", [1, 16, 7, 9], to: 48, kernel: 3, padding: 1),
        Geometry("3×3 odd channels", [4, 48, 6, 6], to: 17, kernel: 3, padding: 1),
        Geometry("3×3 wide", [2, 64, 14, 14], to: 64, kernel: 3, padding: 1),
        Geometry("3×3 without padding", [2, 3, 7, 6], to: 5, kernel: 3),
        Geometry("3×3 of many tiles", [8, 32, 15, 18], to: 48, kernel: 3, padding: 1),
        Geometry("3×3 of one pixel", [2, 16, 1, 1], to: 16, kernel: 3, padding: 1),
        Geometry("3×3 as large as the image", [2, 5, 3, 3], to: 4, kernel: 3),
        Geometry(
            "3×3 stride 2, odd extents", [2, 16, 9, 7], to: 16, kernel: 3, stride: 2, padding: 1),
        Geometry(
            "3×3 stride 2, even extents", [2, 16, 8, 8], to: 32, kernel: 3, stride: 2, padding: 1),
        Geometry("3×3 stride 3, pixels nobody reads", [1, 3, 11, 9], to: 3, kernel: 3, stride: 4),
        Geometry("5×5", [2, 3, 9, 8], to: 6, kernel: 5, padding: 2),
        Geometry("7×7 stride 2", [2, 3, 23, 21], to: 16, kernel: 7, stride: 2, padding: 3),
        Geometry("3×3 two groups", [2, 6, 7, 7], to: 4, kernel: 3, padding: 1, groups: 2),
        Geometry(
            "3×3 four groups, stride 2", [2, 16, 9, 9], to: 48, kernel: 3, stride: 2, padding: 1,
            groups: 4),
        Geometry("3×3 depthwise", [2, 16, 7, 5], to: 16, kernel: 3, padding: 1, groups: 16),
    ]
}

extension ConformanceCase {
    static let convolutions =
        Geometry.all.flatMap { geometry in
            [
                forward(geometry), withBias(geometry), dataGradient(geometry),
                weightGradient(geometry),
            ]
        } + Geometry.all.map(withEpilogue) + Geometry.all.map(normalized)

    private static func forward(_ geometry: Geometry) -> ConformanceCase {
        ConformanceCase("convolution \(geometry.name)", geometry.tolerance) {
            writer throws(ShapeError) in
            let x = writer.activation("x", geometry.x)
            let w = try writer.kernel("w", geometry.w)
            let rule = Convolution(window: geometry.window, groups: geometry.groups)
            try writer.apply(.convolution(rule), to: [x, w])
        }
    }

    private static func withBias(_ geometry: Geometry) -> ConformanceCase {
        ConformanceCase("convolution+bias \(geometry.name)", geometry.tolerance) {
            writer throws(ShapeError) in
            let x = writer.activation("x", geometry.x)
            let w = try writer.kernel("w", geometry.w)
            let b = writer.weight("b", [geometry.outputs], .bias)
            let rule = Convolution(window: geometry.window, groups: geometry.groups, hasBias: true)
            try writer.apply(.convolution(rule), to: [x, w, b])
        }
    }

    /// The residual is read again afterwards by the second convolution, so that the first one must
    /// not write over it.
    private static func withEpilogue(_ geometry: Geometry) -> ConformanceCase {
        ConformanceCase("convolution+add+relu \(geometry.name)", geometry.tolerance) {
            writer throws(ShapeError) in
            let x = writer.activation("x", geometry.x)
            let (w, r) = (try writer.kernel("w", geometry.w), writer.activation("r", geometry.y))
            for appliesRelu in [true, false] {
                let rule = Convolution(
                    window: geometry.window, groups: geometry.groups,
                    epilogue: Epilogue(addsResidual: true, appliesRelu: appliesRelu))
                try writer.apply(
                    .convolution(rule), to: [x, w, r], output: appliesRelu ? "rectified" : "y")
            }
        }
    }

    /// Convolution, normalization with given statistics, addition and ReLU as evaluation writes
    /// them: the planner folds all of them into one.
    private static func normalized(_ geometry: Geometry) -> ConformanceCase {
        ConformanceCase("convolution, inference, add, relu \(geometry.name)", geometry.tolerance) {
            writer throws(ShapeError) in
            let graph = writer.graph
            let x = writer.activation("x", geometry.x)
            let r = writer.activation("r", geometry.y)
            let y = try graph.convolution(
                x, writer.weight("w", geometry.w), window: geometry.window,
                groups: geometry.groups)
            let affine = writer.affine(channels: geometry.outputs)
            let mean = writer.state("mean", [geometry.outputs])
            let variance = writer.state("variance", [geometry.outputs], .uniform(0.5..<2))
            let rule = NormalizationInference(epsilon: 1e-5)
            let normalized = try graph.apply(
                .normalizationInference(rule), to: [y] + affine + [mean, variance])[0]
            try writer.apply(.relu(Relu()), to: [try graph.add(normalized, r)])
        }
    }

    private static func dataGradient(_ geometry: Geometry) -> ConformanceCase {
        ConformanceCase("data gradient \(geometry.name)", geometry.tolerance) {
            writer throws(ShapeError) in
            let dy = writer.activation("dy", geometry.y)
            let w = try writer.kernel("w", geometry.w)
            let rule = ConvolutionDataGradient(
                window: geometry.window, groups: geometry.groups, data: writer.spec(geometry.x))
            try writer.apply(.convolutionDataGradient(rule), to: [dy, w])
        }
    }

    private static func weightGradient(_ geometry: Geometry) -> ConformanceCase {
        ConformanceCase("weight gradient \(geometry.name)", geometry.tolerance) {
            writer throws(ShapeError) in
            let dy = writer.activation("dy", geometry.y)
            let x = writer.activation("x", geometry.x)
            let rule = ConvolutionWeightGradient(
                window: geometry.window, groups: geometry.groups,
                weight: TensorSpec(geometry.w, writer.master))
            try writer.apply(.convolutionWeightGradient(rule), to: [dy, x])
        }
    }
}

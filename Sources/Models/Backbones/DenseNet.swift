import Graphs
import Tensors

/// Networks in which every layer reads the results of all layers before it in its block, with
/// torchvision's parameter paths.
///
/// A layer is norm, ReLU, 1×1 convolution to four times the growth, norm, ReLU, 3×3 convolution to
/// the growth. A transition between blocks keeps half of the channels and of the extents.
///
/// *Reference:* Huang, Liu, van der Maaten, Weinberger, "Densely connected convolutional networks",
/// CVPR 2017; torchvision's `densenet.py`.
struct DenseNet: Network {
    let growth: Int
    let blocks: [Int]
    let stem: Stem

    func scores(for images: Value, count: Int, in layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        let features = try layers.graph.scope("features") { () throws(ShapeError) in
            var x = try stem(images, layers)
            for (index, layerCount) in blocks.enumerated() {
                x = try layers.graph.scope("denseblock\(index + 1)") { () throws(ShapeError) in
                    try block(x, layerCount: layerCount, layers)
                }
                if index + 1 < blocks.count {
                    x = try layers.graph.scope("transition\(index + 1)") {
                        () throws(ShapeError) in try transition(x, layers)
                    }
                }
            }
            return try layers.normalize(x, "norm5")
        }
        let x = try layers.globalAveragePool(try layers.relu(features), "avgpool")
        return try layers.dense(x, "classifier", outputs: count)
    }

    /// On small images the stem is a convolution alone: the first layer normalizes.
    private func stem(_ images: Value, _ layers: LayerWriter) throws(ShapeError) -> Value {
        let width = 2 * growth
        switch stem {
        case .cifar:
            return try layers.convolution(
                images, "conv0", outputs: width, window: Window(kernel: 3, padding: 1))
        case .imagenet:
            var x = try layers.convolution(
                images, "conv0", outputs: width, window: Window(kernel: 7, stride: 2, padding: 3))
            x = try layers.relu(try layers.normalize(x, "norm0"), "relu0")
            return try layers.maxPool(
                x, "pool0", window: Window(kernel: 3, stride: 2, padding: 1))
        }
    }

    private func block(_ input: Value, layerCount: Int, _ layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        var x = input
        for index in 1...layerCount {
            x = try layers.graph.scope("denselayer\(index)") { () throws(ShapeError) in
                try layers.concatenate([x, try layer(x, layers)], "concatenation")
            }
        }
        return x
    }

    private func layer(_ input: Value, _ layers: LayerWriter) throws(ShapeError) -> Value {
        var x = try layers.relu(try layers.normalize(input, "norm1"), "relu1")
        x = try layers.convolution(x, "conv1", outputs: 4 * growth, window: Window(kernel: 1))
        x = try layers.relu(try layers.normalize(x, "norm2"), "relu2")
        return try layers.convolution(
            x, "conv2", outputs: growth, window: Window(kernel: 3, padding: 1))
    }

    private func transition(_ input: Value, _ layers: LayerWriter) throws(ShapeError) -> Value {
        var x = try layers.relu(try layers.normalize(input, "norm"), "relu")
        x = try layers.convolution(
            x, "conv", outputs: input.shape[1] / 2, window: Window(kernel: 1))
        return try layers.averagePool(x, "pool", window: Window(kernel: 2, stride: 2))
    }
}

import Graphs
import Tensors

/// 3×3 convolutions with biases and max pooling, and one dense layer on the means over space, as the
/// CIFAR networks of the published script. Parameter paths are torchvision's `features.N`, where
/// every convolution, norm, ReLU and pooling counts.
///
/// *Reference:* Simonyan, Zisserman, "Very deep convolutional networks for large-scale image
/// recognition", ICLR 2015, configuration A.
struct VGG: Network {
    /// The widths of the convolutions, between poolings.
    let stages: [[Int]]

    func scores(for images: Value, count: Int, in layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        var number = 0
        func next() -> String {
            defer { number += 1 }
            return "\(number)"
        }
        let features = try layers.graph.scope("features") { () throws(ShapeError) in
            var x = images
            for stage in stages {
                for width in stage {
                    x = try layers.convolution(
                        x, next(), outputs: width, window: Window(kernel: 3, padding: 1),
                        hasBias: true)
                    if layers.normalization.kind != .none { x = try layers.normalize(x, next()) }
                    x = try layers.relu(x, next())
                }
                x = try layers.maxPool(x, next(), window: Window(kernel: 2, stride: 2))
            }
            return x
        }
        return try layers.dense(
            try layers.globalAveragePool(features, "avgpool"), "classifier", outputs: count)
    }
}

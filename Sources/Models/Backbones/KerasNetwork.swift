import Graphs
import Tensors

/// The convolutional network of Keras's gradient centralization example: five 3×3 convolutions
/// without padding, pooled by two, then two dense layers. Layers have the names Keras gives them.
///
/// 1,704,097 parameters for images of 300×300 and two classes. The flattened order is PyTorch's
/// (channels outermost), where Keras has channels innermost.
///
/// *Reference:* keras-io, `examples/vision/gradient_centralization.py`.
struct KerasNetwork: Network {
    private struct Block {
        let width: Int
        let drops: Bool
    }

    private static let blocks = [
        Block(width: 16, drops: false), Block(width: 32, drops: true),
        Block(width: 64, drops: true), Block(width: 64, drops: false),
        Block(width: 64, drops: false),
    ]
    private static let dropout = 0.5
    private static let hiddenWidth = 512

    func scores(for images: Value, count: Int, in layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        var (x, dropped) = (images, 0)
        for (index, block) in Self.blocks.enumerated() {
            x = try convolution(x, number: index, block, layers)
            if block.drops {
                x = try layers.dropout(x, numbered("dropout", dropped), rate: Self.dropout)
                dropped += 1
            }
            x = try layers.maxPool(
                x, numbered("max_pooling2d", index), window: Window(kernel: 2, stride: 2))
        }
        x = try layers.flatten(x, "flatten")
        x = try layers.dropout(x, numbered("dropout", dropped), rate: Self.dropout)
        x = try layers.dense(x, "dense", outputs: Self.hiddenWidth)
        return try layers.dense(try layers.relu(x, "relu"), "dense_1", outputs: count)
    }

    private func convolution(
        _ x: Value, number: Int, _ block: Block, _ layers: LayerWriter
    ) throws(ShapeError) -> Value {
        let convolved = try layers.convolution(
            x, numbered("conv2d", number), outputs: block.width, window: Window(kernel: 3),
            hasBias: true)
        let normalized = try layers.normalize(
            convolved, numbered("batch_normalization", number))
        return try layers.relu(normalized, numbered("re_lu", number))
    }

    /// `conv2d`, `conv2d_1`, …
    private func numbered(_ name: String, _ number: Int) -> String {
        number == 0 ? name : "\(name)_\(number)"
    }
}

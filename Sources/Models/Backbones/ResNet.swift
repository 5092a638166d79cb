import Graphs
import Tensors

/// Residual networks for classification, with torchvision's parameter paths.
///
/// *Reference:* He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR 2016; Xie,
/// Girshick, Dollár, Tu, He, "Aggregated residual transformations for deep neural networks", CVPR
/// 2017; torchvision's `resnet.py`.
struct ResNet: Network {
    enum Block {
        /// Two 3×3 convolutions.
        case basic
        case bottleneck(Bottleneck)
    }

    /// 1×1 down to some channels, 3×3 in groups, 1×1 up again.
    struct Bottleneck {
        var groups = 1
        /// Channels of the 3×3 convolution, per channel of the stage's width.
        var innerFactor = 1
        /// Channels of the block's result, per channel of the stage's width.
        var outerFactor = 4
        var stridePlace = StridePlace.threeByThree
    }

    struct Stage {
        let width: Int
        let blockCount: Int
    }

    let block: Block
    let stages: [Stage]
    let stem: Stem
    /// Covariances want many positions: with them the last stage keeps its resolution.
    let head: Head
    /// The extent of the CIFAR stem's kernel.
    var smallStemKernel = 3

    func scores(for images: Value, count: Int, in layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        var x = try stem(images, layers)
        for (index, stage) in stages.enumerated() {
            x = try layers.graph.scope("layer\(index + 1)") { () throws(ShapeError) in
                try self.stage(stage, stride: stride(ofStage: index), x, layers)
            }
        }
        return try layers.dense(try layers.pool(x, head), "fc", outputs: count)
    }

    private func stride(ofStage index: Int) -> Int {
        let keepsResolution = index == stages.count - 1 && head != .averagePooling
        return index == 0 || keepsResolution ? 1 : 2
    }

    private func stem(_ images: Value, _ layers: LayerWriter) throws(ShapeError) -> Value {
        let window =
            switch stem {
            case .cifar: Window(kernel: smallStemKernel, padding: smallStemKernel / 2)
            case .imagenet: Window(kernel: 7, stride: 2, padding: 3)
            }
        var x = try layers.convolution(images, "conv1", outputs: stages[0].width, window: window)
        x = try layers.relu(try layers.normalize(x, "bn1"))
        switch stem {
        case .cifar: return x
        case .imagenet:
            return try layers.maxPool(
                x, "maxpool", window: Window(kernel: 3, stride: 2, padding: 1))
        }
    }

    private func stage(_ stage: Stage, stride: Int, _ input: Value, _ layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        var x = input
        for index in 0..<stage.blockCount {
            x = try layers.graph.scope("\(index)") { () throws(ShapeError) in
                try residual(x, width: stage.width, stride: index == 0 ? stride : 1, layers)
            }
        }
        return x
    }

    /// relu(body(x) + shortcut(x)); the shortcut is a 1×1 convolution where shapes change.
    private func residual(_ x: Value, width: Int, stride: Int, _ layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        let body =
            switch block {
            case .basic: try basicBody(x, width: width, stride: stride, layers)
            case .bottleneck(let bottleneck):
                try bottleneckBody(x, bottleneck, width: width, stride: stride, layers)
            }
        let shortcut =
            body.shape == x.shape
            ? x
            : try layers.graph.scope("downsample") { () throws(ShapeError) in
                let window = Window(kernel: 1, stride: stride)
                let projected = try layers.convolution(
                    x, "0", outputs: body.shape[1], window: window)
                return try layers.normalize(projected, "1")
            }
        return try layers.relu(try layers.graph.add(body, shortcut))
    }

    private func basicBody(_ input: Value, width: Int, stride: Int, _ layers: LayerWriter)
        throws(ShapeError) -> Value
    {
        var x = try layers.convolution(
            input, "conv1", outputs: width, window: Window(kernel: 3, stride: stride, padding: 1))
        x = try layers.relu(try layers.normalize(x, "bn1"), "relu1")
        x = try layers.convolution(
            x, "conv2", outputs: width, window: Window(kernel: 3, padding: 1))
        return try layers.normalize(x, "bn2")
    }

    private func bottleneckBody(
        _ input: Value, _ bottleneck: Bottleneck, width: Int, stride: Int, _ layers: LayerWriter
    ) throws(ShapeError) -> Value {
        let inner = width * bottleneck.innerFactor
        let isFirst = bottleneck.stridePlace == .oneByOne
        var x = try layers.convolution(
            input, "conv1", outputs: inner,
            window: Window(kernel: 1, stride: isFirst ? stride : 1))
        x = try layers.relu(try layers.normalize(x, "bn1"), "relu1")
        x = try layers.convolution(
            x, "conv2", outputs: inner,
            window: Window(kernel: 3, stride: isFirst ? 1 : stride, padding: 1),
            groups: bottleneck.groups)
        x = try layers.relu(try layers.normalize(x, "bn2"), "relu2")
        x = try layers.convolution(
            x, "conv3", outputs: width * bottleneck.outerFactor, window: Window(kernel: 1))
        return try layers.normalize(x, "bn3")
    }
}

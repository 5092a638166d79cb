import CKernels
import Graphs
import Tensors

extension gcb_activation {
    /// A tensor whose axis 1 is channels, as the kernels see it; nil where they have no loop for
    /// the layout.
    init?(_ spec: TensorSpec, _ layout: Layout) {
        let shape = spec.shape
        guard shape.rank >= 2, let format = gcb_format(spec.scalarType) else { return nil }
        let (images, channels) = (shape[0], shape[1])
        let space = shape.dimensions.dropFirst(2).reduce(1, *)
        if layout.isRowMajor {
            // A matrix: the rows are pixels of one image, channels last.
            self =
                shape.rank == 2
                ? Self(1, channels, images, block: 0, format)
                : Self(images, channels, space, block: 1, format)
        } else if layout.isChannelsLast {
            self.init(images, channels, space, block: 0, format)
        } else if let size = layout.channelBlock {
            self.init(images, channels, space, block: size, format)
        } else {
            return nil
        }
    }

    private init(
        _ images: Int, _ channels: Int, _ space: Int, block: Int, _ format: gcb_format
    ) {
        self.init(
            images: Int64(images), channels: Int64(channels), space: Int64(space),
            block: Int64(block), format: format)
    }
}

extension gcb_format {
    /// Nil where the kernels do not store activations so.
    init?(_ type: ScalarType) {
        switch type {
        case .float32: self = gcb_format_float32
        case .bfloat16: self = gcb_format_bfloat16
        case .float64, .int64, .int32, .uint8: return nil
        }
    }
}

extension Layout {
    /// `acdb`.
    fileprivate var isChannelsLast: Bool { blocks.isEmpty && order == [0, 2, 3, 1] }

    /// 16 in `aBcd16b`; nil for other layouts.
    fileprivate var channelBlock: Int? {
        guard order == Array(order.indices), blocks.count == 1, blocks[0].axis == 1,
            [4, 8, 16].contains(blocks[0].size)
        else { return nil }
        return blocks[0].size
    }
}

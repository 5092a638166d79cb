import CKernels
import Graphs
import Tensors

extension gcb_activation {
    /// A tensor whose axis 1 is channels, as the kernels see it; nil where they have no loop for
    /// the layout.
    init?(_ shape: Shape, _ layout: Layout) {
        guard shape.rank >= 2 else { return nil }
        let (images, channels) = (shape[0], shape[1])
        let space = shape.dimensions.dropFirst(2).reduce(1, *)
        if layout.isRowMajor {
            // A matrix: the rows are pixels of one image, channels last.
            self =
                shape.rank == 2
                ? Self(images: 1, channels: channels, space: images, block: 0)
                : Self(images: images, channels: channels, space: space, block: 1)
        } else if layout.isChannelsLast {
            self.init(images: images, channels: channels, space: space, block: 0)
        } else if let size = layout.channelBlock {
            self.init(images: images, channels: channels, space: space, block: size)
        } else {
            return nil
        }
    }

    private init(images: Int, channels: Int, space: Int, block: Int) {
        self.init(
            images: Int64(images), channels: Int64(channels), space: Int64(space),
            block: Int64(block))
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

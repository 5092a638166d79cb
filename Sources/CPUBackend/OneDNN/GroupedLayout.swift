import Graphs
import Tensors

/// Kernels of grouped convolutions: the graph has `[O, C/groups, K, K]`, oneDNN wants
/// `[groups, O/groups, C/groups, K, K]`. The same memory where the group's axis lies right outside
/// the outputs' one.
extension Layout {
    /// The layout of the split tensor; nil where splitting the first axis changes the memory.
    func splittingOutputs(groups: Int, outputsPerGroup: Int) -> Layout? {
        let blocked = blockSize(of: 0)
        // Depthwise: the blocks are of groups. Otherwise they are of one group's outputs.
        let blockAxis = outputsPerGroup == 1 ? 0 : 1
        guard blockAxis == 0 || outputsPerGroup % blocked == 0 else { return nil }
        return Layout(
            order: order.flatMap { $0 == 0 ? [0, 1] : [$0 + 1] },
            blocks: blocks.map {
                Block(axis: $0.axis == 0 ? blockAxis : $0.axis + 1, size: $0.size)
            })
    }

    /// A kernel whose layouts have names in oneDNN for kernels in groups only: the shape and the
    /// layouts with every block of outputs as a group. Nil where the blocks do not allow that.
    static func splittingBlocks(of shape: Shape, _ layouts: [Layout])
        -> (shape: Shape, layouts: [Layout])?
    {
        guard let block = layouts.map({ $0.blockSize(of: 0) }).max(), block > 1,
            shape[0] % block == 0
        else { return nil }
        let groups = shape[0] / block
        let split = layouts.compactMap {
            $0.splittingOutputs(groups: groups, outputsPerGroup: block)
        }
        guard split.count == layouts.count else { return nil }
        return (Shape([groups, block] + shape.dimensions.dropFirst()), split)
    }

    /// The opposite: this is a layout of `[groups, O/groups, …]`.
    func joiningOutputs(groups: Int, outputsPerGroup: Int) -> Layout? {
        let joined = Layout(
            order: order.filter { $0 != 1 }.map { $0 == 0 ? 0 : $0 - 1 },
            blocks: blocks.map { Block(axis: max(0, $0.axis - 1), size: $0.size) })
        return joined.splittingOutputs(groups: groups, outputsPerGroup: outputsPerGroup) == self
            ? joined : nil
    }
}

import Graphs

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

    /// The opposite: this is a layout of `[groups, O/groups, …]`.
    func joiningOutputs(groups: Int, outputsPerGroup: Int) -> Layout? {
        let joined = Layout(
            order: order.filter { $0 != 1 }.map { $0 == 0 ? 0 : $0 - 1 },
            blocks: blocks.map { Block(axis: max(0, $0.axis - 1), size: $0.size) })
        return joined.splittingOutputs(groups: groups, outputsPerGroup: outputsPerGroup) == self
            ? joined : nil
    }
}

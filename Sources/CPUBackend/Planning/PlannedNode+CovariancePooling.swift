import Graphs
import Tensors

// Row-major, with scratch for the image that each thread works on.
extension PlannedNode {
    func covariance() -> Requirement {
        perImage(threads * floatsPerImage(node.operands[0]))
    }

    func covarianceGradient() -> Requirement {
        perImage(threads * (floatsPerImage(node.operands[0]) + floatsPerImage(node.operands[1])))
    }

    func matrixSquareRoot() -> Requirement {
        perImage(threads * Site.squareRootScratch(node.operands[0].shape[1], isBackward: false))
    }

    func matrixSquareRootGradient() -> Requirement {
        perImage(threads * Site.squareRootScratch(node.operands[0].shape[1], isBackward: true))
    }

    func dropProbability() -> Requirement {
        let shape = node.operands[0].shape
        return perImage(shape[0] + threads * Site.dropScratch(ChannelRows(shape)))
    }

    private func floatsPerImage(_ value: Value) -> Int { value.shape.count / value.shape[0] }

    private func perImage(_ floats: Int) -> Requirement {
        let plain = rowMajor()
        return Requirement(
            operandLayouts: plain.operandLayouts, resultLayouts: plain.resultLayouts,
            workspaceByteCount: floats * MemoryLayout<Float>.stride)
    }
}

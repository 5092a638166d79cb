import CKernels
import Graphs
import Tensors

extension gcb_normalization {
    /// The kernels' description of a normalization; `layout` must be one they have loops for.
    init(
        _ statistics: StatisticsScope, _ epsilon: Double, _ epilogue: Epilogue,
        _ x: TensorSpec, layout: Layout, threads: Int
    ) {
        guard let activation = gcb_activation(x, layout) else {
            preconditionFailure("\(layout) was not planned for normalizations")
        }
        let groups: Int
        switch statistics {
        case .batch: groups = 0
        case .group(let count): groups = count
        }
        self.init(
            shape: activation, groups: Int64(groups), epsilon: epsilon,
            adds_residual: epilogue.addsResidual, rectifies: epilogue.appliesRelu,
            threads: Int32(threads))
    }

    var workspaceByteCount: Int { withUnsafePointer(to: self) { gcb_normalization_workspace($0) } }
}

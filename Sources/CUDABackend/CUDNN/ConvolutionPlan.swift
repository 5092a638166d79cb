import CCUDA
import Graphs
import Tensors

/// One convolution, in any direction, as cuDNN is told of it.
struct ConvolutionProblem {
    enum Direction {
        case forward
        case byData
        case byWeights
    }

    let direction: Direction
    let x: TensorSpec
    let w: TensorSpec
    let y: TensorSpec
    let window: Window
    let groups: Int
}

/// A convolution with its engine chosen, ready to be run on fixed addresses.
///
/// A class because it owns descriptors.
final class ConvolutionPlan {
    private let library: CUDNN
    /// The engine's configuration speaks of it.
    private let graph: CUDNNDescriptor
    private let plan: CUDNNDescriptor
    private let variants: CUDNNDescriptor
    /// The library's number of the engine.
    let engine: Int

    /// Where x, w, y and the workspace lie.
    struct Memory {
        let x: gcb_device_address
        let w: gcb_device_address
        let y: gcb_device_address
        let workspace: gcb_device_address
        let workspaceByteCount: Int
    }

    /// Throws where no engine may run it: none is deterministic, precise and small enough, or the
    /// library does not take the problem at all.
    init(_ problem: ConvolutionProblem, _ memory: Memory, _ options: CUDAOptions, on library: CUDNN)
        throws(CUDAFailure)
    {
        self.library = library
        graph = try problem.graph(library)
        let search = EngineSearch(
            library: library, options: options, isNarrow: problem.x.scalarType == .bfloat16,
            workspaceByteCount: memory.workspaceByteCount)
        (plan, engine) = try search.plan(of: graph)
        variants = try CUDNNDescriptor(GCB_CUDNN_VARIANT_PACK, library)
        try variants.set(
            GCB_CUDNN_VARIANT_IDENTIFIERS, integers: TensorIdentifier.allCases.map(\.rawValue))
        try variants.set(
            GCB_CUDNN_VARIANT_POINTERS, addresses: [memory.x, memory.w, memory.y])
        try variants.set(GCB_CUDNN_VARIANT_WORKSPACE, addresses: [memory.workspace])
        try variants.finalize()
    }

    func run() throws(CUDAFailure) {
        try library.check(
            library.functions.execute(library.handle, plan.raw, variants.raw),
            "cudnnBackendExecute")
    }
}

/// By what number the library knows a tensor; in the order of their addresses.
private enum TensorIdentifier: Int, CaseIterable {
    case x = 1
    case w
    case y
}

extension ConvolutionProblem {
    /// An operation graph of this one operation.
    fileprivate func graph(_ library: CUDNN) throws(CUDAFailure) -> CUDNNDescriptor {
        let operation = try operation(library)
        let graph = try CUDNNDescriptor(GCB_CUDNN_OPERATION_GRAPH, library)
        try graph.set(GCB_CUDNN_GRAPH_HANDLE, handle: library.handle)
        try graph.set(GCB_CUDNN_GRAPH_OPERATIONS, descriptor: operation)
        try graph.finalize()
        return graph
    }

    private func operation(_ library: CUDNN) throws(CUDAFailure) -> CUDNNDescriptor {
        let names = attributes
        let operation = try CUDNNDescriptor(names.kind, library)
        try operation.set(names.convolution, descriptor: try convolution(library))
        try operation.set(names.x, descriptor: try tensor(x, .x, library))
        try operation.set(names.w, descriptor: try tensor(w, .w, library))
        try operation.set(names.y, descriptor: try tensor(y, .y, library))
        try operation.set(names.alpha, float: 1)
        try operation.set(names.beta, float: 0)
        try operation.finalize()
        return operation
    }

    /// Sums in float32, whatever the format of the terms.
    private func convolution(_ library: CUDNN) throws(CUDAFailure) -> CUDNNDescriptor {
        let convolution = try CUDNNDescriptor(GCB_CUDNN_CONVOLUTION, library)
        try convolution.set(
            GCB_CUDNN_CONVOLUTION_COMPUTE_TYPE, GCB_CUDNN_TYPE_DATA_TYPE,
            choice: GCB_CUDNN_FLOAT32)
        try convolution.set(
            GCB_CUDNN_CONVOLUTION_MODE, GCB_CUDNN_TYPE_CONVOLUTION_MODE,
            choice: GCB_CUDNN_CROSS_CORRELATION)
        try convolution.set(GCB_CUDNN_CONVOLUTION_RANK, integers: [2])
        try convolution.set(GCB_CUDNN_CONVOLUTION_DILATIONS, integers: [1, 1])
        let (stride, padding) = (window.stride, window.padding)
        try convolution.set(GCB_CUDNN_CONVOLUTION_STRIDES, integers: [stride, stride])
        try convolution.set(GCB_CUDNN_CONVOLUTION_PADDING_BEFORE, integers: [padding, padding])
        try convolution.set(GCB_CUDNN_CONVOLUTION_PADDING_AFTER, integers: [padding, padding])
        try convolution.finalize()
        return convolution
    }

    private func tensor(_ spec: TensorSpec, _ identifier: TensorIdentifier, _ library: CUDNN)
        throws(CUDAFailure) -> CUDNNDescriptor
    {
        let tensor = try CUDNNDescriptor(GCB_CUDNN_TENSOR, library)
        try tensor.set(
            GCB_CUDNN_TENSOR_TYPE, GCB_CUDNN_TYPE_DATA_TYPE,
            choice: spec.scalarType == .bfloat16 ? GCB_CUDNN_BFLOAT16 : GCB_CUDNN_FLOAT32)
        try tensor.set(GCB_CUDNN_TENSOR_EXTENTS, integers: spec.shape.dimensions)
        try tensor.set(
            GCB_CUDNN_TENSOR_STRIDES,
            integers: CUDATarget.layout(of: spec).strides(of: spec.shape))
        try tensor.set(GCB_CUDNN_TENSOR_IDENTIFIER, integers: [identifier.rawValue])
        try tensor.set(GCB_CUDNN_TENSOR_ALIGNMENT, integers: [16])
        try tensor.finalize()
        return tensor
    }

    /// What the library calls the parts of each direction.
    private var attributes: ConvolutionAttributes {
        switch direction {
        case .forward:
            ConvolutionAttributes(
                kind: GCB_CUDNN_CONVOLUTION_FORWARD,
                convolution: GCB_CUDNN_FORWARD_CONVOLUTION,
                x: GCB_CUDNN_FORWARD_X, w: GCB_CUDNN_FORWARD_W,
                y: GCB_CUDNN_FORWARD_Y, alpha: GCB_CUDNN_FORWARD_ALPHA,
                beta: GCB_CUDNN_FORWARD_BETA)
        case .byData:
            ConvolutionAttributes(
                kind: GCB_CUDNN_CONVOLUTION_BY_DATA,
                convolution: GCB_CUDNN_BY_DATA_CONVOLUTION,
                x: GCB_CUDNN_BY_DATA_DX, w: GCB_CUDNN_BY_DATA_W,
                y: GCB_CUDNN_BY_DATA_DY, alpha: GCB_CUDNN_BY_DATA_ALPHA,
                beta: GCB_CUDNN_BY_DATA_BETA)
        case .byWeights:
            ConvolutionAttributes(
                kind: GCB_CUDNN_CONVOLUTION_BY_WEIGHTS,
                convolution: GCB_CUDNN_BY_WEIGHTS_CONVOLUTION,
                x: GCB_CUDNN_BY_WEIGHTS_X, w: GCB_CUDNN_BY_WEIGHTS_DW,
                y: GCB_CUDNN_BY_WEIGHTS_DY, alpha: GCB_CUDNN_BY_WEIGHTS_ALPHA,
                beta: GCB_CUDNN_BY_WEIGHTS_BETA)
        }
    }
}

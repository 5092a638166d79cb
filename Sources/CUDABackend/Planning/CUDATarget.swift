import CUDAKernels
public import Graphs
import Tensors

/// What plans need to know of a GPU, the same for all of them: images and kernels lie channels
/// last, `acdb`, everything else row-major. Needs neither a GPU nor its libraries.
public struct CUDATarget: Target {
    public init() {}

    public var name: String { "cuda" }
    public var alignment: Int { 256 }
    /// A launch costs as much as the update of a small weight.
    public var joinsUpdates: Bool { true }

    public func requirement(of node: Node, operandLayouts: [Layout?], precision: Precision)
        throws(PlanningError) -> Requirement
    {
        try check(node)
        return Requirement(
            operandLayouts: layouts(of: node, known: operandLayouts),
            resultLayouts: node.results.map { layout(of: $0.spec, in: node.operation) },
            workspaceByteCount: workspaceByteCount(of: node),
            inPlace: inPlace(node.operation))
    }

    /// Channels last where there are images or kernels.
    static func layout(of spec: TensorSpec) -> Layout {
        spec.shape.rank == 4
            ? Layout(order: [0, 2, 3, 1]) : .rowMajor(rank: spec.shape.rank)
    }

    private func layout(of spec: TensorSpec, in operation: Operation) -> Layout {
        operation.isRowMajor ? .rowMajor(rank: spec.shape.rank) : Self.layout(of: spec)
    }

    /// A conversion reads from any layout, on the way to its own.
    private func layouts(of node: Node, known: [Layout?]) -> [Layout] {
        node.operands.enumerated().map { index, operand in
            let own = layout(of: operand.spec, in: node.operation)
            guard case .convert = node.operation else { return own }
            return known[index] ?? own
        }
    }

    private func inPlace(_ operation: Operation) -> [Requirement.InPlace] {
        guard case .normalizationGradient(let rule) = operation else {
            return operation.elementWiseInPlace
        }
        // dx takes the place of dy; with a residual, whose gradient does that, the place of x.
        return rule.epilogue.addsResidual
            ? [.init(result: 3, operand: 0), .init(result: 0, operand: 1)]
            : [.init(result: 0, operand: 0), .init(result: 0, operand: 1)]
    }

    // MARK: - What cannot be run

    private func check(_ node: Node) throws(PlanningError) {
        for spec in (node.operands + node.results).map(\.spec) {
            let isSupported =
                switch spec.scalarType {
                case .float32, .int64, .uint8: true
                case .bfloat16: node.operation.takesBFloat16
                case .float64, .int32: false
                }
            guard isSupported else {
                throw unsupported(node, "of \(spec)", "use precision float32")
            }
            let images = spec.shape.rank == 4 ? spec.shape[0] : 0
            guard images <= Self.mostImages else {
                throw unsupported(
                    node, "of \(images) images", "use a batch_size of at most \(Self.mostImages)")
            }
        }
        if case .update(let program) = node.operation, LoweredUpdate(program) == nil {
            throw unsupported(node, "of that many steps", "use a shorter chain")
        }
    }

    /// Images are the third extent of a grid.
    private static let mostImages = 65_535

    private func unsupported(_ node: Node, _ what: String, _ advice: String) -> PlanningError {
        PlanningError(
            scope: node.scope,
            "\(node.operation.rule.name) \(what) is not supported on the cuda backend; "
                + "\(advice), or --device cpu")
    }
}

extension Operation {
    /// Whether it works on the row-major order of its tensors, whatever their rank.
    fileprivate var isRowMajor: Bool {
        if case .reshape = self { return true }
        // The iterates of a square root are no images, though they have four axes.
        if case .matrixSquareRoot = self { return true }
        if case .matrixSquareRootGradient = self { return true }
        return false
    }
}

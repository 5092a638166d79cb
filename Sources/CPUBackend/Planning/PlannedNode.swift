import CKernels
import Graphs
import Tensors

/// A node with what is known of its operands' layouts: the questions a target answers.
struct PlannedNode {
    let node: Node
    let known: [Layout?]
    let threads: Int

    private func rowMajor(_ value: Value) -> Layout { .rowMajor(rank: value.shape.rank) }

    private func requirement(
        _ operands: [Layout], _ results: [Layout], workspace: Int = 0,
        inPlace: [Requirement.InPlace] = []
    ) -> Requirement {
        Requirement(
            operandLayouts: operands, resultLayouts: results, workspaceByteCount: workspace,
            inPlace: inPlace)
    }

    // MARK: - Plain

    func rowMajor() -> Requirement {
        requirement(
            node.operands.map(rowMajor), node.results.map(rowMajor),
            inPlace: node.operation.elementWiseInPlace)
    }

    /// Tensors of the first operand's shape lie as the first one that is known; others, such as
    /// scalars, are row-major.
    func elementWise() -> Requirement {
        let shape = node.operands[0].shape
        let like = node.operands.indices.filter { node.operands[$0].shape == shape }
        let layout = like.lazy.compactMap { known[$0] }.first ?? rowMajor(node.operands[0])
        func lay(_ value: Value) -> Layout { value.shape == shape ? layout : rowMajor(value) }
        return requirement(
            node.operands.map(lay), node.results.map(lay),
            inPlace: node.operation.elementWiseInPlace)
    }

    /// As ``elementWise()``, in a layout whose output slices the kernels can follow.
    func sliced(along outputAxis: Int) -> Requirement {
        let plain = elementWise()
        let shape = node.operands[0].shape
        guard gcb_slices(shape, plain.operandLayouts[0], outputAxis: outputAxis) == nil else {
            return plain
        }
        return requirement(
            node.operands.map(rowMajor), node.results.map(rowMajor), inPlace: plain.inPlace)
    }

    /// From any layout; the planner says to which one.
    func conversion() -> Requirement {
        let layout = known[0] ?? rowMajor(node.operands[0])
        return requirement([layout], [layout])
    }

    /// As ``elementWise()``, or with centralization as ``sliced(along:)`` and with workspace for
    /// what crosses it.
    func update(_ program: UpdateProgram) -> Requirement {
        guard let axis = program.centralizedAxis else { return elementWise() }
        let plain = sliced(along: axis)
        guard
            var slices = gcb_slices(
                node.operands[0].shape, plain.operandLayouts[0], outputAxis: axis)
        else { preconditionFailure("row-major slices can always be followed") }
        let workspace = gcb_update_workspace(
            &slices, true, Int32(LoweredUpdate(program).stretchCount), Int32(threads))
        return requirement(
            plain.operandLayouts, plain.resultLayouts, workspace: workspace,
            inPlace: plain.inPlace)
    }

    /// Row-major, where another shape is the same memory.
    func reshaped() -> Requirement {
        requirement(
            node.operands.map(rowMajor), node.results.map(rowMajor),
            inPlace: node.operation.elementWiseInPlace)
    }

    // MARK: - Activations

    /// The layout of operand `index` if the kernels have loops for it, else row-major.
    private func activationLayout(_ index: Int) -> Layout {
        let spec = node.operands[index].spec
        guard let layout = known[index], gcb_activation(spec, layout) != nil else {
            return rowMajor(node.operands[index])
        }
        return layout
    }

    /// Everything of the first operand's rank lies as it does.
    func activation(like index: Int = 0) -> Requirement {
        let layout = activationLayout(index)
        let rank = node.operands[index].shape.rank
        func lay(_ value: Value) -> Layout {
            value.shape.rank == rank && rank > 1 ? layout : rowMajor(value)
        }
        return requirement(
            node.operands.map(lay), node.results.map(lay),
            inPlace: node.operation.elementWiseInPlace)
    }

    /// Tensors whose channels lie side by side: as one of them lies if every boundary is one of its
    /// blocks, else row-major.
    ///
    /// - Parameter boundaries: numbers of channels between boundaries.
    func sideBySide(_ boundaries: [Int]) -> Requirement {
        let fitting = node.operands.indices.lazy.compactMap { index -> Layout? in
            guard let layout = known[index],
                gcb_activation(node.operands[index].spec, layout) != nil,
                boundaries.allSatisfy({ $0.isMultiple(of: layout.blockSize(of: 1)) })
            else { return nil }
            return layout
        }
        let layout = fitting.first ?? rowMajor(node.operands[0])
        return requirement(
            node.operands.map { _ in layout }, [layout],
            inPlace: node.operation.elementWiseInPlace)
    }

    func activationToRowMajor() -> Requirement {
        requirement([activationLayout(0)], node.results.map(rowMajor))
    }

    /// A result larger than its operand: laid out as a convolution of that size would have it.
    func spreading() throws(PlanningError) -> Requirement {
        let spec = node.results[0].spec
        let channels = spec.shape[1]
        let problem = ConvolutionProblem(
            direction: .forward, data: spec,
            weight: TensorSpec([channels, channels, 1, 1], spec.scalarType), result: spec,
            window: Window(kernel: 1), groups: 1, hasBias: false)
        let layout = try chosen(problem, among: [.init()]).layouts.data
        let fits = layout.map { gcb_activation(spec, $0) != nil } ?? false
        return requirement(
            node.operands.map(rowMajor),
            [fits ? layout ?? rowMajor(node.results[0]) : rowMajor(node.results[0])])
    }

    // MARK: - Normalization

    func normalization(_ rule: NormalizationForward) throws(PlanningError) -> Requirement {
        let plain = activation()
        let kernel = gcb_normalization(
            rule.statistics, rule.epsilon, rule.epilogue, node.operands[0].spec,
            layout: plain.operandLayouts[0], threads: threads)
        return requirement(
            plain.operandLayouts, plain.resultLayouts, workspace: kernel.workspaceByteCount)
    }

    /// dx takes the place of dy; with a residual, whose gradient does that, the place of x.
    func normalizationGradient(_ rule: NormalizationGradient) throws(PlanningError) -> Requirement {
        let plain = activation(like: 1)
        let kernel = gcb_normalization(
            rule.statistics, rule.epsilon, rule.epilogue, node.operands[1].spec,
            layout: plain.operandLayouts[1], threads: threads)
        let inPlace: [Requirement.InPlace] =
            rule.epilogue.addsResidual
            ? [.init(result: 3, operand: 0), .init(result: 0, operand: 1)]
            : [.init(result: 0, operand: 0), .init(result: 0, operand: 1)]
        return requirement(
            plain.operandLayouts, plain.resultLayouts, workspace: kernel.workspaceByteCount,
            inPlace: inPlace)
    }
}

import CCUDA
import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// The whole program in one pass over memory.
    func update(_ program: UpdateProgram) throws(CUDAFailure) -> Body {
        try UpdateTables([self], device: device).launches(self)
    }

    /// The weight of an update, with its program's number.
    func updateTensor(_ program: UpdateProgram, number: Int) -> gcb_update_tensor {
        let (weight, count) = (operands[0], operands[0].spec.shape.count)
        var tensor = gcb_update_tensor()
        tensor.program = Int32(number)
        let axis = program.centralizedAxis
        let rows = axis.map { weight.spec.shape[$0] } ?? 1
        tensor.rows = Int32(rows)
        tensor.fan_in = Int64(count / rows)
        tensor.run = Int64(axis.map { weight.layout.strides(of: weight.spec.shape)[$0] } ?? count)
        fill(&tensor.tensors, with: operands.prefix(program.tensorCount).map(address))
        fill(&tensor.scalars, with: operands.dropFirst(program.tensorCount).map(address))
        fill(&tensor.results, with: results.prefix(program.results.count).map(address))
        if axis != nil {
            (tensor.row_energies, tensor.energies) = (workspace, result(program.results.count))
        }
        return tensor
    }

    // MARK: - Numbers that follow the step

    func stepCoefficient(_ rule: StepCoefficient) throws(CUDAFailure) -> Body {
        var arguments = gcb_step_coefficient()
        (arguments.step, arguments.y) = (operand(0), result(0))
        let (kind, part, numbers) = rule.lowered
        (arguments.kind, arguments.part) = (Int32(kind), Int32(part))
        fill(&arguments.p, with: numbers)
        return try launch("step_coefficient", .none, LaunchGrid(1), arguments)
    }

    func squaredNorm() throws(CUDAFailure) -> Body {
        let count = operands[0].spec.shape.count
        let blocks = CUDATarget.squareBlocks(count)
        return sequence(
            try launch(
                "square_sums", .none, LaunchGrid(blocks),
                gcb_total(x: operand(0), y: workspace, count: Int64(count), factor: 1)),
            try launch(
                "total", .none, LaunchGrid(1),
                gcb_total(x: workspace, y: result(0), count: Int64(blocks), factor: 1)))
    }

    func clippingFactor(_ rule: ClippingFactor) throws(CUDAFailure) -> Body {
        try launch(
            "clipping_factor", .none, LaunchGrid(1),
            gcb_clipping(squared_norm: operand(0), y: result(0), maximum: rule.maximum))
    }
}

extension StepCoefficient {
    /// The kernel's number of the kind, of the part, and the kind's own numbers.
    fileprivate var lowered: (kind: Int, part: Int, numbers: [Double]) {
        switch self {
        case .afterFirst(let later): (GCB_STEP_AFTER_FIRST, 0, [later])
        case .correction(let decay): (GCB_STEP_CORRECTION, 0, [decay])
        case .rootCorrection(let decay): (GCB_STEP_ROOT_CORRECTION, 0, [decay])
        case .correctionRatio(let decays):
            (GCB_STEP_CORRECTION_RATIO, 0, [decays.first, decays.second])
        case .inverseTime(let decay): (GCB_STEP_INVERSE_TIME, 0, [decay])
        case .rectification(let rule, let part):
            (
                GCB_STEP_RECTIFICATION, part.number,
                [rule.decays.first, rule.decays.second, rule.includesThreshold ? 1 : 0]
            )
        case .lookahead(let rule, let part):
            (
                GCB_STEP_LOOKAHEAD, part.number,
                [Double(rule.period), rule.share, rule.start == .afterFirst ? 1 : 0]
            )
        }
    }
}

extension Rectification.Part {
    fileprivate var number: Int {
        switch self {
        case .isAdaptive: 0
        case .isPlain: 1
        case .stepSize: 2
        }
    }
}

extension Lookahead.Part {
    fileprivate var number: Int {
        switch self {
        case .keptSlow: 0
        case .oldWeight: 1
        case .newWeight: 2
        case .isMoving: 3
        case .isMeeting: 4
        case .isApart: 5
        }
    }
}

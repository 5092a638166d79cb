import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// By cuDNN, with what follows in a pass of its own; by our own loops where it has no engine.
    func convolution(_ rule: Convolution) throws(CUDAFailure) -> CUDAKernel {
        let residual = operand(
            operands.count - 1, if: rule.epilogue.addsResidual)
        let problem = ConvolutionProblem(
            direction: .forward, x: operands[0].spec, w: operands[1].spec, y: results[0].spec,
            window: rule.window, groups: rule.groups)
        let bias = operand(2, if: rule.hasBias)
        if let kernel = try unrounded(rule, problem, bias: bias, residual: residual) {
            return kernel
        }
        switch plan(problem, x: operands[0], w: operands[1], y: results[0]) {
        case .success(let plan):
            guard rule.hasBias || rule.epilogue != .none else { return run(plan) }
            let finish = try finish(
                results[0], bias: bias, residual: residual,
                rectifies: rule.epilogue.appliesRelu, to: results[0])
            return run(plan, then: finish)
        case .failure(let reason):
            var arguments = direct(problem, x: operands[0], w: operands[1], y: results[0])
            (arguments.bias, arguments.residual) = (bias, residual)
            arguments.rectifies = rule.epilogue.appliesRelu ? 1 : 0
            return own(try launchDirect("convolve", arguments, over: results[0]), reason)
        }
    }

    /// A convolution that leaves its sums in float32 for what follows; nil where nothing follows,
    /// where activations are float32 anyway, and where the library has no engine for that.
    private func unrounded(
        _ rule: Convolution, _ problem: ConvolutionProblem, bias: UInt64, residual: UInt64
    ) throws(CUDAFailure) -> CUDAKernel? {
        let y = results[0]
        let byteCount = CUDATarget.unroundedByteCount(rule, y.spec)
        guard byteCount > 0 else { return nil }
        let sums = Region(
            offset: instruction.workspace.lowerBound, spec: TensorSpec(y.spec.shape, .float32),
            layout: y.layout)
        let problem = ConvolutionProblem(
            direction: .forward, x: problem.x, w: problem.w, y: sums.spec, window: problem.window,
            groups: problem.groups)
        guard
            case .success(let plan) = plan(
                problem, x: operands[0], w: operands[1], y: sums, reserved: byteCount)
        else { return nil }
        return run(
            plan,
            then: try finish(
                sums, bias: bias, residual: residual, rectifies: rule.epilogue.appliesRelu, to: y))
    }

    func convolutionDataGradient(_ rule: ConvolutionDataGradient) throws(CUDAFailure)
        -> CUDAKernel
    {
        let problem = ConvolutionProblem(
            direction: .byData, x: results[0].spec, w: operands[1].spec, y: operands[0].spec,
            window: rule.window, groups: rule.groups)
        switch plan(problem, x: results[0], w: operands[1], y: operands[0]) {
        case .success(let plan): return run(plan)
        case .failure(let reason):
            let arguments = direct(problem, x: results[0], w: operands[1], y: operands[0])
            return own(
                try launchDirect("convolve_by_data", arguments, over: results[0]), reason)
        }
    }

    func convolutionWeightGradient(_ rule: ConvolutionWeightGradient) throws(CUDAFailure)
        -> CUDAKernel
    {
        let problem = ConvolutionProblem(
            direction: .byWeights, x: operands[1].spec, w: results[0].spec, y: operands[0].spec,
            window: rule.window, groups: rule.groups)
        switch plan(problem, x: operands[1], w: results[0], y: operands[0]) {
        case .success(let plan): return run(plan)
        case .failure(let reason):
            let arguments = direct(problem, x: operands[1], w: results[0], y: operands[0])
            return own(
                try launchDirect("convolve_by_weights", arguments, over: results[0]), reason)
        }
    }

    // MARK: - cuDNN

    /// The library's plan, or why it has none.
    ///
    /// - Parameter reserved: bytes at the start of the workspace that are somebody else's.
    private func plan(
        _ problem: ConvolutionProblem, x: Region, w: Region, y: Region, reserved: Int = 0
    ) -> Result<ConvolutionPlan, CUDAFailure> {
        guard let (functions, handle) = device.cudnn else {
            return .failure(
                CUDAFailure(library: "cuDNN", action: "be used", status: "it is not there"))
        }
        let library = CUDNN(functions: functions, handle: handle, libraries: device.libraries)
        let memory = ConvolutionPlan.Memory(
            x: address(x), w: address(w), y: address(y),
            workspace: workspace + UInt64(reserved),
            workspaceByteCount: instruction.workspace.count - reserved)
        return Result { () throws(CUDAFailure) in
            try ConvolutionPlan(problem, memory, options, on: library)
        }
    }

    private func run(_ plan: ConvolutionPlan, then next: Body? = nil) -> CUDAKernel {
        let device = device
        return CUDAKernel(
            scope: instruction.scope, implementation: "cudnn engine \(plan.engine)"
        ) { () throws(CUDAFailure) in
            // The plan's handle lives as long as the device.
            _ = device
            try plan.run()
            try next?()
        }
    }

    // MARK: - Our own loops

    private func own(_ body: @escaping Body, _ reason: CUDAFailure) -> CUDAKernel {
        CUDAKernel(
            scope: instruction.scope, implementation: "own (\(reason.action): \(reason.status))",
            body)
    }

    private func direct(_ problem: ConvolutionProblem, x: Region, w: Region, y: Region)
        -> gcb_direct_convolution
    {
        let (image, result) = (problem.x.shape, problem.y.shape)
        var arguments = gcb_direct_convolution()
        (arguments.x, arguments.w, arguments.y) = (address(x), address(w), address(y))
        (arguments.images, arguments.channels) = (Int32(image[0]), Int32(image[1]))
        (arguments.height, arguments.width) = (Int32(image[2]), Int32(image[3]))
        arguments.outputs = Int32(result[1])
        (arguments.out_height, arguments.out_width) = (Int32(result[2]), Int32(result[3]))
        arguments.kernel = Int32(problem.window.kernel)
        arguments.stride = Int32(problem.window.stride)
        arguments.padding = Int32(problem.window.padding)
        arguments.groups = Int32(problem.groups)
        return arguments
    }

    private func launchDirect(
        _ name: String, _ arguments: gcb_direct_convolution, over result: Region
    ) throws(CUDAFailure) -> Body {
        // The format of x and y; weight gradients have master precision.
        try launch(
            name, KernelFormat(operands[0].spec.scalarType), .threads(result.spec.shape.count),
            arguments)
    }
}

import COneDNN
import Graphs
import Tensors

extension Site {
    /// A primitive for exactly the layouts that were planned.
    func convolution() throws(OneDNNFailure) -> Body {
        let (operands, results) = (instruction.operands, instruction.results)
        guard
            let problem = ConvolutionProblem(
                instruction.operation, operands: operands.map(\.spec),
                results: results.map(\.spec))
        else { preconditionFailure("\(instruction.operation) is no convolution") }
        if let loops = instruction.implementation.flatMap(ConvolutionLoops.init(rawValue:)) {
            return convolution(problem, by: loops)
        }
        let regions = roles(problem.direction)
        let layouts = ConvolutionProblem.Layouts(
            data: regions.data.layout, weight: regions.weight.layout,
            result: regions.result.layout)
        let descriptor = try problem.settledDescriptor(layouts, on: library)
        guard descriptor.scratchpadByteCount <= instruction.workspace.count else {
            throw OneDNNFailure(
                action: "run \(problem)",
                reason: "it needs \(descriptor.scratchpadByteCount) bytes of scratch memory, "
                    + "planned were \(instruction.workspace.count)")
        }
        let (tensors, numbers) = (try problem.tensors(layouts), problem.argumentNumbers)
        var arguments = [
            Primitive.Argument(
                number: numbers.data, tensor: tensors.data, data: address(regions.data)),
            Primitive.Argument(
                number: numbers.weight, tensor: tensors.weight, data: address(regions.weight)),
            Primitive.Argument(
                number: numbers.result, tensor: tensors.result, data: address(regions.result)),
        ]
        if problem.hasBias {
            arguments.append(
                Primitive.Argument(
                    number: DNNL_ARG_BIAS, tensor: tensors.bias, data: address(operands[2])))
        }
        let primitive = try Primitive(
            descriptor, arguments, scratchpad: workspace, on: library, stream: stream)
        guard problem.epilogue.addsResidual else {
            return { () throws(OneDNNFailure) in try primitive.run() }
        }
        let bringResidual = move(operands.count - 1, to: 0)
        return { () throws(OneDNNFailure) in
            bringResidual()
            try primitive.run()
        }
    }

    private func roles(_ direction: ConvolutionProblem.Direction)
        -> (data: Region, weight: Region, result: Region)
    {
        let (operands, results) = (instruction.operands, instruction.results)
        return switch direction {
        case .forward: (operands[0], operands[1], results[0])
        case .dataGradient: (results[0], operands[1], operands[0])
        case .weightGradient: (operands[1], results[0], operands[0])
        }
    }
}

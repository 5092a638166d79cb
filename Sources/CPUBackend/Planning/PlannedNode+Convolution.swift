import Graphs
import Tensors

extension PlannedNode {
    /// Asks oneDNN with the layouts there are; reorders only where it has no generated code for
    /// them.
    func convolution() throws(PlanningError) -> Requirement {
        guard
            let problem = ConvolutionProblem(
                node.operation, operands: node.operands.map(\.spec),
                results: node.results.map(\.spec))
        else { return rowMajor() }
        if let loops = ConvolutionLoops.suiting(problem),
            let requirement = requirement(of: problem, by: loops)
        {
            return requirement
        }
        let (layouts, descriptor) = try chosen(problem, among: candidates(problem.direction))
        guard let data = layouts.data, let weight = layouts.weight, let result = layouts.result
        else { return rowMajor() }
        return requirement(
            of: problem, data: data, weight: weight, result: result,
            workspace: descriptor.scratchpadByteCount, implementation: descriptor.implementation)
    }

    private func requirement(
        of problem: ConvolutionProblem, data: Layout, weight: Layout, result: Layout,
        workspace: Int, implementation: String
    ) -> Requirement {
        let bias = Layout.rowMajor(rank: 1)
        let (operands, results): ([Layout], [Layout]) =
            switch problem.direction {
            case .forward:
                (
                    [data, weight] + (problem.hasBias ? [bias] : [])
                        + (problem.epilogue.addsResidual ? [result] : []), [result]
                )
            case .dataGradient: ([result, weight], [data])
            case .weightGradient: ([result, data], [weight])
            }
        return Requirement(
            operandLayouts: operands, resultLayouts: results, workspaceByteCount: workspace,
            inPlace: problem.epilogue.addsResidual
                ? [.init(result: 0, operand: operands.count - 1)] : [],
            implementation: implementation)
    }

    /// Our own loops, where they suit the layouts of the activations.
    private func requirement(of problem: ConvolutionProblem, by loops: ConvolutionLoops)
        -> Requirement?
    {
        let read = known.prefix(problem.direction == .weightGradient ? 2 : 1)
        guard let activations = ConvolutionLoops.activations, let weights = loops.weights,
            read.allSatisfy({ $0 == activations })
        else { return nil }
        return requirement(
            of: problem, data: activations, weight: weights, result: activations,
            workspace: loops.workspaceByteCount(problem, threads: threads),
            implementation: loops.rawValue)
    }

    /// What to ask for, best first: no reorder, a reorder of the weight, whatever the library
    /// likes.
    private func candidates(_ direction: ConvolutionProblem.Direction)
        -> [ConvolutionProblem.Layouts]
    {
        switch direction {
        case .forward:
            [.init(data: known[0], weight: known[1]), .init(data: known[0]), .init()]
        case .dataGradient:
            [.init(weight: known[1], result: known[0]), .init(result: known[0]), .init()]
        case .weightGradient: [.init(data: known[1], result: known[0]), .init()]
        }
    }

    /// The first candidate that has generated code, or else the last one that works at all.
    func chosen(_ problem: ConvolutionProblem, among candidates: [ConvolutionProblem.Layouts])
        throws(PlanningError)
        -> (layouts: ConvolutionProblem.Layouts, descriptor: PrimitiveDescriptor)
    {
        do throws(OneDNNFailure) {
            let library = try OneDNN.shared()
            var failure = OneDNNFailure(action: "find \(problem)", reason: "no layout fits")
            var fallback: (ConvolutionProblem.Layouts, PrimitiveDescriptor)?
            for candidate in candidates {
                do throws(OneDNNFailure) {
                    let descriptor = try problem.descriptor(candidate, on: library)
                    guard let layouts = problem.layouts(of: descriptor) else { continue }
                    let answer = (layouts, descriptor)
                    if descriptor.isGenerated { return answer }
                    fallback = answer
                } catch { failure = error }
            }
            guard let fallback else { throw failure }
            return fallback
        } catch {
            let isNarrow = problem.data.scalarType == .bfloat16
            throw error.planningError(
                scope: node.scope,
                advice: isNarrow
                    ? "; it has bfloat16 for processors with AVX-512, elsewhere use precision float32"
                    : "")
        }
    }
}

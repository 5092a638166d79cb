import CUDAKernels
import Graphs
import Tensors

extension Site {
    func weightStandardization(_ rule: WeightStandardization) throws(CUDAFailure) -> Body {
        try filters("standardize", w: operand(0), dy: 0, epsilon: rule.epsilon)
    }

    func weightStandardizationGradient(_ rule: WeightStandardizationGradient) throws(CUDAFailure)
        -> Body
    {
        try filters(
            "standardize_gradient", w: operand(1), dy: operand(0), epsilon: rule.epsilon)
    }

    /// A block for each filter, which lies in one piece in any layout of ours.
    private func filters(_ name: String, w: gcb_address, dy: gcb_address, epsilon: Double)
        throws(CUDAFailure) -> Body
    {
        let shape = results[0].spec.shape
        return try launch(
            name, .none, LaunchGrid(shape[0]),
            gcb_filters(
                w: w, dy: dy, y: result(0), fan_in: Int64(shape.countPerSlice(along: 0)),
                epsilon: Float(epsilon)))
    }
}

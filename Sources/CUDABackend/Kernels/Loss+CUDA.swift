import CUDAKernels
import Graphs
import Tensors

extension Site {
    private func scores(gradient: gcb_address, k: Int = 0, smoothing: Double = 0) -> gcb_scores {
        let shape = operands[0].spec.shape
        return gcb_scores(
            scores: operand(0), labels: operand(1), gradient: gradient, values: workspace,
            rows: Int32(shape[0]), classes: Int32(shape[1]), k: Int32(k),
            smoothing: Float(smoothing))
    }

    private var images: Int { operands[0].spec.shape[0] }

    /// factor · Σ of the images' values, into result 0.
    private func total(factor: Float) throws(CUDAFailure) -> Body {
        try launch(
            "total", .none, LaunchGrid(1),
            gcb_total(x: workspace, y: result(0), count: Int64(images), factor: factor))
    }

    func softmaxCrossEntropy(_ rule: SoftmaxCrossEntropy) throws(CUDAFailure) -> Body {
        sequence(
            try launch(
                "cross_entropy", .none, LaunchGrid(images),
                scores(gradient: result(1), smoothing: rule.labelSmoothing)),
            try total(factor: 1 / Float(images)))
    }

    func topKCorrect(_ rule: TopKCorrect) throws(CUDAFailure) -> Body {
        sequence(
            try launch("top_k", .none, LaunchGrid(images), scores(gradient: 0, k: rule.k)),
            try total(factor: 1))
    }

    // MARK: - One logit

    func sigmoidCrossEntropy(_ rule: SigmoidCrossEntropy) throws(CUDAFailure) -> Body {
        sequence(
            try launch(
                "binary_cross_entropy", .none, .threads(images),
                scores(gradient: result(1), smoothing: rule.labelSmoothing)),
            try total(factor: 1 / Float(images)))
    }

    func signCorrect() throws(CUDAFailure) -> Body {
        sequence(
            try launch("sign_correct", .none, .threads(images), scores(gradient: 0)),
            try total(factor: 1))
    }
}

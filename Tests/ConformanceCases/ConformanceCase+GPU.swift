import Graphs

extension ConformanceCase {
    /// Whether it has operations for which the backend for GPUs has no kernels yet; it must say so
    /// when planning.
    public var waitsForGPUKernels: Bool {
        guard let graph = try? graph(.float32) else { return false }
        return graph.nodes.contains { node in
            switch node.operation {
            case .weightStandardization, .weightStandardizationGradient, .dropout, .concatenation,
                .concatenationGradient, .sigmoidCrossEntropy, .signCorrect, .reshape:
                true
            default: node.operation.kind == .covariancePooling
            }
        }
    }
}

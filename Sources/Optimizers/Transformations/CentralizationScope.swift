public import Graphs
import Tensors

/// Which parameters are centralized. Decided by role and output axis, never by rank.
public enum CentralizationScope: String, Hashable, Sendable, Codable, CaseIterable {
    case convolutionAndDense = "convolution_and_dense"
    case convolution

    /// What centralization does to one parameter.
    public enum Treatment: Hashable, Sendable {
        case centralized(outputAxis: Int)
        /// In scope, but with a fan-in of 1: its centralized gradient would always be zero.
        case skipped
        case outOfScope
    }

    public func treatment(of variable: Variable) -> Treatment {
        guard let parameter = variable.parameter, includes(parameter.role) else {
            return .outOfScope
        }
        let fanIn = variable.spec.shape.countPerSlice(along: parameter.outputAxis)
        return fanIn > 1 ? .centralized(outputAxis: parameter.outputAxis) : .skipped
    }

    private func includes(_ role: ParameterRole) -> Bool {
        switch role {
        case .convolutionKernel: true
        case .denseKernel, .embedding: self == .convolutionAndDense
        case .bias, .normalizationScale, .normalizationShift: false
        }
    }
}

/// Which weights are centralized (the authors' names; design: the mode table).
public enum GradientCentralizationMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// No centralization: the control arm.
    case none
    /// Convolution and dense kernels, on the gradient, after L2 decay was added.
    case gc
    /// Convolution kernels only, on the gradient, after L2 decay was added.
    case gcc
}

import Graphs

/// How weights start. Centralization preserves the starting mean of each filter, so this is part
/// of every protocol.
public enum Initialization: String, Hashable, Sendable, Codable, CaseIterable {
    /// PyTorch's module defaults: kernels and biases uniform in ±1/√fan-in.
    case torch
    /// torchvision's ResNet and the published ImageNet script: convolutions normal with variance
    /// 2/(K·K·Cout), dense layers as `torch`.
    case kaimingFanOut = "kaiming_fan_out"

    /// The start of a convolution's kernel `[outputs, fanIn / kernel², kernel, kernel]`.
    func convolutionKernel(fanIn: Int, kernel: Int, outputs: Int) -> Initializer {
        switch self {
        case .torch: .uniform(bound: 1 / Double(fanIn).squareRoot())
        case .kaimingFanOut:
            .normal(standardDeviation: (2 / Double(kernel * kernel * outputs)).squareRoot())
        }
    }

    /// The start of a convolution's bias.
    func convolutionBias(fanIn: Int) -> Initializer {
        switch self {
        case .torch, .kaimingFanOut: .uniform(bound: 1 / Double(fanIn).squareRoot())
        }
    }

    /// The start of a dense layer's weight and bias.
    func dense(fanIn: Int) -> Initializer {
        switch self {
        case .torch, .kaimingFanOut: .uniform(bound: 1 / Double(fanIn).squareRoot())
        }
    }
}

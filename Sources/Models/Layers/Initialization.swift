import Graphs

/// How weights start. Centralization preserves the starting mean of each filter, so this is part
/// of every protocol.
public enum Initialization: String, Hashable, Sendable, Codable, CaseIterable {
    /// PyTorch's module defaults: kernels and biases uniform in ±1/√fan-in.
    case torch
    /// torchvision's ResNet and the published ImageNet script: convolutions normal with variance
    /// 2/(K·K·Cout), the rest as `torch`.
    case kaimingFanOut = "kaiming_fan_out"
    /// The published Mini-ImageNet script: as `kaiming_fan_out`, with the scales of norms uniform in
    /// 0 ..< 1.
    case kaimingFanOutUniformScale = "kaiming_fan_out_uniform_scale"
    /// Keras's defaults: kernels uniform in ±√(6/(fan-in + fan-out)) (Glorot), biases zero.
    case keras
    /// The published covariance-pooling networks: convolutions as `keras` (Xavier uniform), dense
    /// kernels normal with deviation 0.01 cut off at two of them, biases zero.
    case xavier

    /// How many numbers make one output, and how many outputs one number has a part in.
    struct Fans {
        let fanIn: Int
        let fanOut: Int

        /// ±1/√fan-in.
        fileprivate var torch: Initializer { .uniform(bound: 1 / Double(fanIn).squareRoot()) }

        /// ±√(6/(fan-in + fan-out)).
        fileprivate var glorot: Initializer {
            .uniform(bound: (6 / Double(fanIn + fanOut)).squareRoot())
        }
    }

    /// The start of a convolution's kernel.
    func convolutionKernel(_ fans: Fans) -> Initializer {
        switch self {
        case .torch: fans.torch
        case .kaimingFanOut, .kaimingFanOutUniformScale:
            .normal(standardDeviation: (2 / Double(fans.fanOut)).squareRoot())
        case .keras, .xavier: fans.glorot
        }
    }

    /// The start of a dense layer's kernel.
    func denseKernel(_ fans: Fans) -> Initializer {
        switch self {
        case .torch, .kaimingFanOut, .kaimingFanOutUniformScale: fans.torch
        case .keras: fans.glorot
        case .xavier: .truncatedNormal(standardDeviation: 0.01)
        }
    }

    /// The start of any layer's bias.
    func bias(_ fans: Fans) -> Initializer {
        switch self {
        case .torch, .kaimingFanOut, .kaimingFanOutUniformScale: fans.torch
        case .keras, .xavier: .constant(0)
        }
    }

    /// The start of a norm's scale; its shift starts at zero.
    var normalizationScale: Initializer {
        switch self {
        case .torch, .kaimingFanOut, .keras, .xavier: .constant(1)
        case .kaimingFanOutUniformScale: .unitUniform
        }
    }
}

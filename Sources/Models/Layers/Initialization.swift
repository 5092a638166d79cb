/// How weights start. Centralization preserves the starting mean of each filter, so this is part
/// of every protocol.
public enum Initialization: String, Hashable, Sendable, Codable, CaseIterable {
    /// PyTorch's module defaults: kernels and biases uniform in ±1/√fan-in.
    case torch
    /// torchvision's ResNet: convolutions normal with variance 2/(k·k·Cout), dense as `torch`.
    case kaimingFanOut = "kaiming_fan_out"
}

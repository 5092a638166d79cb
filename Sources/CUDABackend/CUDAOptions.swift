/// How a GPU is used.
public struct CUDAOptions: Hashable, Sendable {
    /// The GPU's number, as the driver counts.
    public let device: Int
    /// Whether products of float32 numbers may be taken of eleven of their bits.
    public let allowsTF32: Bool
    /// Whether sums may be taken in an order that changes from run to run.
    public let isFast: Bool
    /// Whether a plan is recorded as one graph and replayed.
    public let captures: Bool
    /// Where compiled kernels are kept; nil to compile them every time.
    public let cacheFolder: String?

    public init(
        device: Int = 0, allowsTF32: Bool = false, isFast: Bool = false, captures: Bool = true,
        cacheFolder: String? = nil
    ) {
        self.device = device
        self.allowsTF32 = allowsTF32
        self.isFast = isFast
        self.captures = captures
        self.cacheFolder = cacheFolder
    }
}

import Graphs
import Tensors

/// A workspace that is shared out: offsets for the kernels, a byte count for the plan.
struct WorkspacePieces {
    private(set) var byteCount = 0

    /// The offset of a piece for so many numbers.
    mutating func take(floats count: Int) -> Int {
        take(bytes: count * MemoryLayout<Float>.stride)
    }

    /// The offset of the last piece, which is the library's own.
    mutating func takeProducts() -> Int { take(bytes: CUDATarget.productWorkspace) }

    private mutating func take(bytes count: Int) -> Int {
        defer { byteCount += CUDATarget.aligned(count) }
        return byteCount
    }
}

/// What covariances of images `[N, C, H, W]` and their gradients need.
struct CovarianceWorkspace {
    /// `[N, C]`.
    let means: Int
    /// The images less their means, `[N, H·W, C]`.
    let centered: Int
    /// G + Gᵀ, `[N, C, C]`; the gradient's.
    let symmetric: Int
    let products: Int
    let byteCount: Int

    init(_ images: Shape, isGradient: Bool) {
        var pieces = WorkspacePieces()
        means = pieces.take(floats: images[0] * images[1])
        centered = pieces.take(floats: images.count)
        symmetric = pieces.take(floats: isGradient ? images[0] * images[1] * images[1] : 0)
        products = pieces.takeProducts()
        byteCount = pieces.byteCount
    }
}

/// What square roots of matrices `[N, d, d]` and their gradients need.
struct RootWorkspace {
    /// `[N]`.
    let traces: Int
    /// As many matrices `[N, d, d]` as asked for.
    let matrices: [Int]
    let products: Int
    let byteCount: Int

    init(_ matrices: Shape, isGradient: Bool) {
        var pieces = WorkspacePieces()
        traces = pieces.take(floats: matrices[0])
        self.matrices = (0..<(isGradient ? 8 : 1)).map { _ in
            pieces.take(floats: matrices.count)
        }
        products = pieces.takeProducts()
        byteCount = pieces.byteCount
    }
}

/// What the probability with which channels are dropped needs.
struct DropWorkspace {
    let means: Int
    let centered: Int
    /// Sums over the channels of each pixel, `[N, H·W]`.
    let pixelSums: Int
    /// The row sums of the covariances, `[N, C]`.
    let variation: Int
    let cosines: Int
    let products: Int
    let byteCount: Int

    init(_ images: Shape) {
        var pieces = WorkspacePieces()
        means = pieces.take(floats: images[0] * images[1])
        centered = pieces.take(floats: images.count)
        pixelSums = pieces.take(floats: images.count / images[1])
        variation = pieces.take(floats: images[0] * images[1])
        cosines = pieces.take(floats: images[0])
        products = pieces.takeProducts()
        byteCount = pieces.byteCount
    }
}

import CUDAKernels
import Graphs
import Tensors

/// How the kernels of normalizations share out rows of channels: see normalization.cuh.
///
/// The same on every GPU, so that a plan needs none to be made.
struct RowTiling {
    /// Whether a thread takes several channels at a time.
    let isWide: Bool
    /// Threads side by side along the channels.
    let lanes: Int
    /// Blocks side by side along the channels.
    let tiles: Int
    /// Parts into which the rows of an image are cut for sums.
    let splits: Int
    /// The same where nothing is summed.
    let passes: Int
    let images: Int

    /// Blocks that fill a large GPU some times over.
    private static let blockCount = 528

    init(images: Int, rows: Int, channels: Int, width: Int) {
        self.images = images
        isWide = channels.isMultiple(of: width)
        let needed = isWide ? channels / width : channels
        var lanes = 1
        while lanes < min(needed, 32) { lanes *= 2 }
        self.lanes = lanes
        tiles = (needed + lanes - 1) / lanes
        let leastRows = 2 * GCB_BLOCK / lanes
        let blocks = tiles * images
        func parts(filling count: Int, leastRows: Int) -> Int {
            max(1, min((count + blocks - 1) / blocks, rows / leastRows, 256))
        }
        splits = parts(filling: Self.blockCount, leastRows: 2 * leastRows)
        passes = parts(filling: 4 * Self.blockCount, leastRows: leastRows)
    }

    var sums: LaunchGrid { LaunchGrid(tiles, splits, images) }
    var pass: LaunchGrid { LaunchGrid(tiles, passes, images) }

    /// The kernel of a pair, `…_wide` or `…_single`.
    func kernel(_ name: String) -> String { name + (isWide ? "_wide" : "_single") }
}

/// Blocks of a launch.
struct LaunchGrid: Hashable {
    let x: UInt32
    let y: UInt32
    let z: UInt32

    init(_ x: Int, _ y: Int = 1, _ z: Int = 1) {
        (self.x, self.y, self.z) = (UInt32(x), UInt32(y), UInt32(z))
    }

    /// A thread for each of `count` elements.
    static func threads(_ count: Int) -> LaunchGrid {
        let block = GCB_BLOCK
        return LaunchGrid(max(1, (count + block - 1) / block))
    }

    /// A thread for each pack of `width` elements, and for each element of the rest.
    static func packs(_ count: Int, width: Int) -> LaunchGrid {
        threads(count / width + count % width)
    }
}

/// The rows and channels over which a normalization takes its statistics.
struct NormalizationShape {
    let images: Int
    let rows: Int
    let channels: Int
    /// Sets of channels per image with statistics of their own.
    let groups: Int

    init(_ statistics: StatisticsScope, of x: Shape) {
        channels = x[1]
        switch statistics {
        case .batch: (images, rows, groups) = (1, x[0] * x[2] * x[3], x[1])
        case .group(let count): (images, rows, groups) = (x[0], x[2] * x[3], count)
        }
    }

    func tiling(_ type: ScalarType) -> RowTiling {
        RowTiling(
            images: images, rows: rows, channels: channels,
            width: type == .bfloat16
                ? KernelFormat.bfloat16.width : KernelFormat.float32.width)
    }

    /// Bytes of the partial sums.
    func partialByteCount(_ type: ScalarType) -> Int {
        images * tiling(type).splits * channels * 2 * MemoryLayout<Float>.stride
    }

    /// Bytes of a pair of numbers for each set.
    var coefficientByteCount: Int { images * groups * 2 * MemoryLayout<Float>.stride }
}

import Graphs
import Tensors

// Ladder, batch 128, forward / by data / by weights in ms, two Skylake cores at 2.5 GHz, oneDNN
// 2.6.3:
//
//   channels, extent   direct                  Winograd F(4×4, 3×3)
//   64, 32×32          35.2 / 37.6 / 36.9      20.7 / 21.9 / 18.6
//   128, 16×16         29.4 / 30.8 / 33.8      15.1 / 14.4 / 17.4
//   256, 8×8           37.0 / 36.1 / 43.0      16.7 / 16.7 / 42.3
//   512, 4×4           31.8 / 36.9 / 54.9      16.8 / 17.5 / 20.1
//
// Its error is about 1e-6 of the result's norm, some five times that of the direct sum.
extension ConvolutionProblem {
    /// Whether Winograd's algorithm, which computes 4×4 results from 36 products instead of 144,
    /// is worth its transforms. It depends on the shapes alone, so that one machine and library
    /// always run a job the same way.
    var suitsWinograd: Bool {
        data.scalarType == .float32 && hasWinogradShape(tileExtent: 4, leastTiles: 128)
    }

    /// Whether the algorithm applies and has enough to do: below the least numbers a matrix product
    /// per element of the tile is too thin.
    func hasWinogradShape(tileExtent: Int, leastTiles: Int) -> Bool {
        func tiles(_ extent: Int) -> Int { (extent + tileExtent - 1) / tileExtent }
        let (data, weight) = (data.shape, weight.shape)
        return window == Window(kernel: 3, padding: 1) && groups == 1
            && weight[0].isMultiple(of: 16) && weight[1].isMultiple(of: 16)
            && min(weight[0], weight[1]) >= Self.leastChannels
            && data[0] * tiles(data[2]) * tiles(data[3]) >= leastTiles
    }

    private static let leastChannels = 32
}

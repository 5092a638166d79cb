import CKernels
import Graphs
import Tensors

extension gcb_slices {
    /// Where the slices along `outputAxis` lie; nil where the kernels cannot follow the layout.
    init?(_ shape: Shape, _ layout: Layout, outputAxis: Int) {
        let padded = layout.paddedShape(of: shape)
        let isPaddedElsewhere = shape.dimensions.indices.contains {
            $0 != outputAxis && padded[$0] != shape[$0]
        }
        guard !isPaddedElsewhere, padded.count > 0 else { return nil }
        // The extents in memory order, those of a single element left out.
        let outer = layout.order.map {
            (axis: $0, extent: padded[$0] / layout.blockSize(of: $0))
        }
        let extents = (outer + layout.blocks.map { (axis: $0.axis, extent: $0.size) })
            .filter { $0.extent > 1 }
        let places = extents.indices.filter { extents[$0].axis == outputAxis }
        func run(after place: Int) -> Int {
            extents[(place + 1)...].reduce(1) { $0 * $1.extent }
        }
        switch places.count {
        case 0: self.init(chunks: 1, count: padded.count, lanes: 1, run: 1)
        case 1 where places[0] == 0:
            let chunks = extents[0].extent
            self.init(chunks: chunks, count: padded.count, lanes: 1, run: 1)
        case 1:
            self.init(
                chunks: 1, count: padded.count, lanes: extents[places[0]].extent,
                run: run(after: places[0]))
        case 2 where places[0] == 0:
            self.init(
                chunks: extents[0].extent, count: padded.count, lanes: extents[places[1]].extent,
                run: run(after: places[1]))
        default: return nil
        }
    }

    private init(chunks: Int, count: Int, lanes: Int, run: Int) {
        self.init(
            chunks: Int64(chunks), chunk: Int64(count / chunks), lanes: Int64(lanes),
            run: Int64(run))
    }
}

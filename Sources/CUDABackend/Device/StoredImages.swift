import CCUDA
import CUDAKernels
import Graphs
import Tensors

/// A stock of images on the device. Its memory lives as long as the device.
struct StoredImages {
    private let stock: ImageStock
    private let images: gcb_device_address
    private let table: gcb_device_address
    /// For as many images as there are: no batch has more.
    private let placements: gcb_device_address
    private let function: UnsafeMutableRawPointer

    init(_ stock: ImageStock, table: [Float], on device: CUDADevice) throws(CUDAFailure) {
        self.stock = stock
        images = try device.allocate(byteCount: stock.byteCount)
        self.table = try device.table(table)
        placements = try device.allocate(
            byteCount: stock.count * MemoryLayout<PlacedImage>.stride)
        function = try device.modules.function("place_images", .none)
    }

    func upload(_ pixels: UnsafeRawBufferPointer, at offset: Int, through staging: StagingRing)
        throws(CUDAFailure)
    {
        let end = offset + pixels.count
        precondition(offset >= 0 && end <= stock.byteCount, "outside of the stock")
        try staging.upload(pixels, to: images + gcb_device_address(offset))
    }

    /// Writes the batch behind everything that the stream has to do.
    func place(
        _ placed: UnsafeRawBufferPointer, to target: gcb_device_address,
        through staging: StagingRing, on device: CUDADevice
    ) throws(CUDAFailure) {
        let count = placed.count / MemoryLayout<PlacedImage>.stride
        precondition(count <= stock.count, "a batch of \(count) from \(stock.count) images")
        try staging.upload(placed, to: placements)
        let (shape, elements) = (stock.shape, count * stock.shape.count)
        try device.launch(
            function, "place_images", .threads(elements),
            gcb_placing(
                images: images, table: table, placements: placements, y: target,
                count: Int64(elements), channels: Int32(shape[0]), height: Int32(shape[1]),
                width: Int32(shape[2])))
    }
}

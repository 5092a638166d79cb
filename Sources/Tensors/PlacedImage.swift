/// How a stored image is laid into a batch, where all that happens to it is a shift and a mirroring:
/// sixteen bytes, as the kernels read them that make batches where the images are kept.
public struct PlacedImage: BitwiseCopyable, Hashable, Sendable {
    /// Which of the stored images.
    public let index: Int32
    /// The row of the stored image that becomes row 0; what lies outside of it is black.
    public let row: Int32
    public let column: Int32
    /// 1 where left and right then change places, else 0.
    public let isMirrored: Int32

    public init(index: Int, row: Int, column: Int, isMirrored: Bool) {
        (self.index, self.row, self.column) = (Int32(index), Int32(row), Int32(column))
        self.isMirrored = isMirrored ? 1 : 0
    }
}

import CPhotos

/// How exactly photos are decoded.
public enum DecodeMode: String, Hashable, Sendable, Codable, CaseIterable {
    /// Every pixel as PIL decodes it.
    case exact
    /// A JPEG that will be shrunk is decoded at a reduced size, as close to the final one as
    /// libjpeg-turbo can without falling below it. Faster, and not quite the same pixels.
    case scaled
}

/// Decodes photos row by row, as few rows and columns as are asked for.
///
/// A class because it owns the decoder and its memory; one thread uses it.
final class PhotoReader {
    private let reader: OpaquePointer?
    private(set) var size = ImageSize(height: 0, width: 0)

    init() { reader = gcb_photo_reader_create() }

    deinit { gcb_photo_reader_destroy(reader) }

    /// Reads the header of an encoded image, which stays where it is until the last row was read.
    ///
    /// - Throws: ``PhotoFault``, here and below.
    func open(_ bytes: UnsafeRawBufferPointer) throws(PhotoFault) {
        guard let reader else { throw .noMemory }
        guard let base = bytes.bindMemory(to: UInt8.self).baseAddress else { throw .notAnImage }
        var (width, height) = (Int32(0), Int32(0))
        let status = gcb_photo_open(reader, base, bytes.count, &width, &height)
        size = ImageSize(height: Int(height), width: Int(width))
        try check(status)
    }

    /// The extents when the image is decoded at `eighths`/8 of its size.
    func size(eighths: Int) -> ImageSize {
        guard let reader else { return size }
        var (width, height) = (Int32(0), Int32(0))
        gcb_photo_scaled_size(reader, Int32(eighths), &width, &height)
        return ImageSize(height: Int(height), width: Int(width))
    }

    /// Whether the image can be decoded at a reduced size.
    var canScale: Bool { reader.map { gcb_photo_can_scale($0) != 0 } ?? false }

    /// Starts decoding a part of the image as it is at `eighths`/8 of its size.
    func start(_ part: PixelRectangle, eighths: Int) throws(PhotoFault) {
        let window = gcb_photo_window(
            left: Int32(part.left), top: Int32(part.top), right: Int32(part.right),
            bottom: Int32(part.bottom))
        try check(gcb_photo_start(reader, window, Int32(eighths), 0))
    }

    /// The next row of the part, in pixels of 4 bytes; valid until the next call.
    func nextRow() throws(PhotoFault) -> UnsafePointer<UInt8> {
        var row: UnsafePointer<UInt8>?
        try check(gcb_photo_next_row(reader, &row))
        guard let row else { throw .truncated }
        return row
    }

    private func check(_ status: gcb_photo_status) throws(PhotoFault) {
        if status == gcb_photo_fine { return }
        let message = String(cString: gcb_photo_message(reader))
        if let fault = PhotoFault(status, message: message, size: size) { throw fault }
    }
}

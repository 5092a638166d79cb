import CPhotos
import Foundation

/// The reader in C alone, without what makes images of its rows.
///
/// A class because it owns one.
final class PhotoDecoder {
    private let reader = gcb_photo_reader_create()

    struct Photo {
        let isDecodedHere: Bool
        /// Red, green and blue.
        let rows: [UInt8]
    }

    init(leavesCodes: Bool = false) {
        gcb_photo_leave_codes_to_library(reader, leavesCodes ? 1 : 0)
    }

    deinit { gcb_photo_reader_destroy(reader) }

    /// A part of a photo, its edges given as shares of what there is; nil for what is refused.
    func decode(
        _ bytes: Data, _ part: [Double] = [0, 0, 1, 1], eighths: Int32 = 8,
        isApproximate: Bool = false
    ) -> Photo? {
        let bytes = [UInt8](bytes)
        return bytes.withUnsafeBufferPointer { bytes -> Photo? in
            var (width, height) = (Int32(0), Int32(0))
            guard gcb_photo_open(reader, bytes.baseAddress, bytes.count, &width, &height).isFine
            else { return nil }
            gcb_photo_scaled_size(reader, eighths, &width, &height)
            var window = gcb_photo_window()
            window.left = min(Int32(part[0] * Double(width)), width - 1)
            window.top = min(Int32(part[1] * Double(height)), height - 1)
            window.right = max(Int32(part[2] * Double(width)), window.left + 1)
            window.bottom = max(Int32(part[3] * Double(height)), window.top + 1)
            guard gcb_photo_start(reader, window, eighths, isApproximate ? 1 : 0).isFine else {
                return nil
            }
            let isDecodedHere = gcb_photo_decodes_codes(reader) != 0
            return rows(of: window).map { Photo(isDecodedHere: isDecodedHere, rows: $0) }
        }
    }

    private func rows(of window: gcb_photo_window) -> [UInt8]? {
        var pixels: [UInt8] = []
        for _ in window.top..<window.bottom {
            var row: UnsafePointer<UInt8>?
            guard gcb_photo_next_row(reader, &row).isFine, let row else { return nil }
            for x in 0..<Int(window.right - window.left) {
                pixels += UnsafeBufferPointer(start: row + 4 * x, count: 3)
            }
        }
        return pixels
    }
}

extension gcb_photo_status {
    fileprivate var isFine: Bool { self == gcb_photo_fine }
}

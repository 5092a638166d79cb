import CPhotos
import Foundation
import Tensors
import Testing

/// The oracle is libjpeg's own decoder of Huffman codes.
@Suite("Huffman codes of photos")
struct PhotoCodeTests {
    static let ordinary = ["420.jpg", "422.jpg", "444.jpg", "exif.jpg", "grey.jpg", "large.jpg"]
    /// Several scans, restart markers.
    static let unusual = ["progressive.jpg", "restarts.jpg"]

    @Test("Ordinary photos are decoded here, all others by libjpeg", arguments: ordinary + unusual)
    func division(name: String) throws {
        let bytes = try PhotoGolden.bytes(name)
        let photo = try #require(Decoder().decode(bytes))
        #expect(photo.isDecodedHere == Self.ordinary.contains(name))
    }

    @Test("Every part has the pixels of libjpeg", arguments: ordinary, [1, 2, 4, 8])
    func parts(name: String, eighths: Int32) throws {
        let bytes = try PhotoGolden.bytes(name)
        let (own, library) = (Decoder(), Decoder(leavesCodes: true))
        for index in 0..<40 {
            var random = CounterRandom(seed: 11, stream: .test, index: index)
            let part = (0..<4).map { _ in random.uniform() }
            let photo = try #require(own.decode(bytes, part, eighths: eighths))
            #expect(photo.isDecodedHere)
            #expect(photo.rows == library.decode(bytes, part, eighths: eighths)?.rows)
        }
    }

    /// libjpeg passes over some codes that do not exist, which is damage here; everything else that
    /// one refuses, the other refuses, and what both read is the same.
    @Test("Damaged photos are refused or have the pixels of libjpeg", arguments: ordinary)
    func damaged(name: String) throws {
        let original = [UInt8](try PhotoGolden.bytes(name))
        let (own, library) = (Decoder(), Decoder(leavesCodes: true))
        var readCount = 0
        for index in 0..<400 {
            let bytes = damaged(original, index)
            guard let photo = own.decode(bytes) else { continue }
            readCount += 1
            #expect(photo.rows == library.decode(bytes)?.rows, "mutation \(index)")
        }
        #expect(readCount > 20, "too few mutations were read to say anything")
    }

    @Test("A photo that ends early is refused wherever it ends", arguments: ordinary)
    func truncated(name: String) throws {
        let bytes = try PhotoGolden.bytes(name)
        let decoder = Decoder()
        for count in Swift.stride(from: 0, to: bytes.count - 16, by: max(1, bytes.count / 300)) {
            #expect(decoder.decode(bytes.prefix(count)) == nil, "\(count) bytes")
            // The same with the marker of the end behind it.
            #expect(decoder.decode(bytes.prefix(count) + [0xFF, 0xD9]) == nil, "\(count) bytes")
        }
    }

    /// One to three bytes replaced behind the header, mostly by values of a bit's difference.
    private func damaged(_ original: [UInt8], _ index: Int) -> Data {
        var random = CounterRandom(seed: 12, stream: .test, index: index)
        var bytes = original
        for _ in 0...random.integer(below: 3) {
            let place = 150 + random.integer(below: bytes.count - 152)
            bytes[place] ^= 1 << UInt8(random.integer(below: 8))
        }
        return Data(bytes)
    }
}

/// A class because it owns a reader in C.
private final class Decoder {
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
    func decode(_ bytes: Data, _ part: [Double] = [0, 0, 1, 1], eighths: Int32 = 8) -> Photo? {
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
            guard gcb_photo_start(reader, window, eighths, 0).isFine else { return nil }
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

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
        let photo = try #require(PhotoDecoder().decode(bytes))
        #expect(photo.isDecodedHere == Self.ordinary.contains(name))
    }

    @Test("Every part has the pixels of libjpeg", arguments: ordinary, [1, 2, 4, 8])
    func parts(name: String, eighths: Int32) throws {
        let bytes = try PhotoGolden.bytes(name)
        let (own, library) = (PhotoDecoder(), PhotoDecoder(leavesCodes: true))
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
        let (own, library) = (PhotoDecoder(), PhotoDecoder(leavesCodes: true))
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
        let decoder = PhotoDecoder()
        for count in Swift.stride(from: 0, to: bytes.count - 16, by: max(1, bytes.count / 300)) {
            #expect(decoder.decode(bytes.prefix(count)) == nil, "\(count) bytes")
            // The same with the marker of the end behind it.
            #expect(decoder.decode(bytes.prefix(count) + [0xFF, 0xD9]) == nil, "\(count) bytes")
        }
    }

    /// libjpeg-turbo 2.1.5 writes into memory of the photo before when it skips rows without
    /// interpolating colour, and leaves pixels unwritten behind a cut at reduced sizes.
    @Test("A reader gives the same pixels whatever it has read before")
    func history() throws {
        let photos = try (Self.ordinary + Self.unusual + ["cmyk.jpg"]).map(PhotoGolden.bytes)
        let used = PhotoDecoder()
        for index in 0..<400 {
            var random = CounterRandom(seed: 13, stream: .test, index: index)
            let bytes = photos[random.integer(below: photos.count)]
            let part = (0..<4).map { _ in random.uniform() }
            let eighths = [1, 2, 4, 8][random.integer(below: 4)] as Int32
            let isApproximate = random.integer(below: 2) == 0
            func rows(_ decoder: PhotoDecoder) -> [UInt8]? {
                decoder.decode(bytes, part, eighths: eighths, isApproximate: isApproximate)?.rows
            }
            let expected = try #require(rows(PhotoDecoder()))
            #expect(rows(used) == expected, "decoding \(index)")
        }
    }

    /// libjpeg keeps tables from photo to photo, for streams that leave them out.
    @Test("A photo without tables of its own is refused, whatever was read before")
    func tables() throws {
        let bytes = try PhotoGolden.bytes("444.jpg")
        let mark = try #require(bytes.range(of: Data([0xFF, 0xDB])))
        var other = bytes
        // Quantization becomes data of an application.
        other.replaceSubrange(mark, with: [0xFF, 0xEF])
        let decoder = PhotoDecoder()
        #expect(decoder.decode(bytes) != nil)
        #expect(decoder.decode(other) == nil)
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

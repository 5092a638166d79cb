import Datasets
import Foundation
import Tensors
import Testing

@Suite("Decoding photos")
struct PhotoDecodingTests {
    static let names = [
        "420.jpg", "422.jpg", "444.jpg", "progressive.jpg", "restarts.jpg", "exif.jpg", "grey.jpg",
        "cmyk.jpg", "large.jpg", "rgb.png", "grey.png", "bits.png", "alpha.png", "grey-alpha.png",
        "palette.png", "palette-clear.png", "interlaced.png", "rgb16.png", "grey16.png",
        "large.png",
    ]

    /// The oracle is PIL's `convert("RGB")`, except for 16-bit grey, which PIL cuts off at 255; see the
    /// script. EXIF orientation does not turn an image.
    @Test("Every kind of JPEG and PNG has PIL's pixels, bit for bit", arguments: names)
    func kinds(name: String) throws {
        let folder = try PhotoFolder.golden([name])
        let expected = try #require(try PhotoGolden.tensors()["decoded/\(name)"])
        #expect(try folder.training().image(at: 0) == expected)
    }

    @Test("The first bytes tell the kind of a file, not its name")
    func disguised() throws {
        let folder = try PhotoFolder([
            ("train/a/x.JPEG", try PhotoGolden.bytes("rgb.png")),
            ("val/a/x.jpg", try PhotoGolden.bytes("rgb.png")),
        ])
        let expected = try #require(try PhotoGolden.tensors()["decoded/rgb.png"])
        #expect(try folder.training().image(at: 0) == expected)
    }

    /// Interpolated colour takes from neighbours, so a part is decoded with some of them; a part's
    /// pixels must not show where it was cut.
    @Test(
        "A part of a photo has the pixels of the whole",
        arguments: [
            "large.jpg", "420.jpg", "422.jpg", "444.jpg", "progressive.jpg", "grey.jpg",
            "cmyk.jpg", "interlaced.png", "large.png",
        ])
    func parts(name: String) throws {
        let folder = try PhotoFolder.golden([name])
        let photos = try folder.training()
        let whole = try photos.image(at: 0)
        let size = ImageSize(height: whole.shape[1], width: whole.shape[2])
        var random = CounterRandom(seed: 1, stream: .test)
        for _ in 0..<60 {
            let height = 1 + random.integer(below: size.height)
            let width = 1 + random.integer(below: size.width)
            let crop = Augmentation([.centreCrop(ImageSize(height: height, width: width))])
            let part = try photos.levels(crop, count: 1)
            let expected = whole.middle(height: height, width: width)
            #expect(largestDifference(part, expected) < 1e-3, "\(height)×\(width)")
        }
    }
}

extension HostTensor {
    /// The middle of `[3, H, W]` bytes; halves go to the even neighbour.
    fileprivate func middle(height: Int, width: Int) -> HostTensor {
        let (h, w) = (shape[1], shape[2])
        let top = Int((Double(h - height) / 2).rounded(.toNearestOrEven))
        let left = Int((Double(w - width) / 2).rounded(.toNearestOrEven))
        var part: [UInt8] = []
        for c in 0..<3 {
            for y in top..<top + height {
                let start = (c * h + y) * w + left
                part += bytes[start..<start + width]
            }
        }
        return HostTensor(spec: TensorSpec([1, 3, height, width], .uint8), bytes: part)
    }
}

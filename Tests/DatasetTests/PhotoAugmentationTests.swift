import Datasets
import Foundation
import Tensors
import Testing

/// The oracles are PIL, torchvision and OpenCV themselves and Keras' formulas in float64; see
/// `Tests/Goldens/photos.py`, which draws the program's own random numbers.
@Suite("Augmenting photos")
struct PhotoAugmentationTests {
    private static let small = ImageSize(height: 30, width: 40)
    private static let resized = AugmentationStep.resize(small, .antialiased)

    /// Levels are exact in float32 but for the division by 255 that is undone.
    private static let exact = 1e-3

    private func photos(_ name: String = "large.jpg", copies: Int = 1) throws -> PhotoFolder {
        try PhotoFolder.golden([name], copies: copies)
    }

    @Test(
        "Resizing is PIL's and, with two taps, within one level of OpenCV's",
        arguments: [(30, 40), (61, 150), (55, 75), (120, 170), (110, 33)])
    func resizing(height: Int, width: Int) throws {
        let golden = try PhotoGolden.tensors()
        let size = ImageSize(height: height, width: width)
        for name in ["large.jpg", "large.png"] {
            let folder = try photos(name)
            let dataset = try folder.training()
            let smooth = try dataset.levels(
                Augmentation([.resize(size, .antialiased)]), count: 1)
            #expect(
                largestDifference(
                    smooth, try #require(golden["antialiased/\(height)x\(width)"])) < Self.exact)
            let sharp = try dataset.levels(Augmentation([.resize(size, .twoTaps)]), count: 1)
            #expect(
                largestDifference(
                    sharp, try #require(golden["two taps/\(height)x\(width)"])) < 1 + Self.exact)
        }
    }

    @Test(
        "Shorter side and centre crop are torchvision's, also where the crop is larger",
        arguments: [(64, 48), (37, 37), (40, 56)])
    func evaluation(side: Int, crop: Int) throws {
        let folder = try photos()
        let levels = try folder.training().levels(
            Augmentation([
                .resizeShorterSide(side, .antialiased), .centreCrop(ImageSize(square: crop)),
            ]), count: 1)
        let expected = try #require(try PhotoGolden.tensors()["evaluation/\(side)-\(crop)"])
        #expect(largestDifference(levels, expected) < Self.exact)
    }

    static let random: [(String, Augmentation, Double)] = [
        (
            "crop and flip",
            Augmentation([.randomResizedCrop(RandomResizedCrop(size: 48)), .horizontalFlip]), exact
        ),
        (
            "jitter",
            Augmentation([
                resized,
                .colourJitter(
                    ColourJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1)),
            ]), exact
        ),
        ("flips", Augmentation([resized, .horizontalFlip, .verticalFlip]), exact),
        ("pad and crop", Augmentation([resized, .padAndCrop(padding: 5)]), exact),
        // Two roundings to bytes, half a level each, the first one carried through the second.
        (
            "keras",
            Augmentation([resized, .horizontalFlip, .verticalFlip, .rotation(0.3), .zoom(0.2)]),
            1 + exact
        ),
    ]

    @Test(
        "Random steps are those of torchvision and Keras on the same random numbers",
        arguments: 0..<5)
    func randomSteps(number: Int) throws {
        let (name, augmentation, bound) = Self.random[number]
        let expected = try #require(try PhotoGolden.tensors()["random/\(name)"])
        let folder = try photos(copies: 8)
        let dataset = try folder.training()
        for threads in [1, 3] {
            let levels = try dataset.levels(augmentation, count: 8, epoch: 3) {
                $0.threads = threads
            }
            #expect(levels.shape == expected.shape)
            #expect(largestDifference(levels, expected) < bound, "\(name)")
        }
    }

    @Test("Erasing sets torchvision's rectangle of the normalized image to zero")
    func erasing() throws {
        let expected = try #require(try PhotoGolden.tensors()["random/erasing"])
        let folder = try photos(copies: 8)
        let erased = try folder.training().levels(
            Augmentation([Self.resized, .randomErasing(RandomErasing())]), count: 8, epoch: 3
        ) {
            // Black is no longer 0, so that only erased pixels are.
            $0.normalization = PixelNormalization(
                means: [2, 2, 2], deviations: [1, 1, 1])
        }
        let isErased = erased.doubles().map { $0 == 0 ? UInt8(255) : 0 }
        #expect(isErased == expected.bytes)
        #expect(isErased.contains(255) && isErased.contains(0))
    }

    @Test("Random parts have the stated areas and shapes, and cover the image evenly")
    func distribution() {
        let size = ImageSize(height: 300, width: 400)
        let crop = RandomResizedCrop(size: 224)
        var areas: [Double] = []
        var centres = (x: 0.0, y: 0.0)
        for index in 0..<4_000 {
            var random = CounterRandom(seed: 2, stream: .augmentation, index: index)
            let part = crop.part(of: size, &random)
            let aspect = Double(part.width) / Double(part.height)
            // Rounding sides of at least 90 pixels moves the ratio by at most a hundredth.
            #expect((0.74...1.35).contains(aspect))
            areas.append(Double(part.width * part.height) / 120_000)
            centres.x += (Double(part.left) + Double(part.width) / 2) / 400 / 4_000
            centres.y += (Double(part.top) + Double(part.height) / 2) / 300 / 4_000
        }
        #expect(areas.allSatisfy { (0.078...1).contains($0) })
        // Up to 0.56 every shape fits a 4:3 image, so these areas are uniform; the standard error is
        // below 0.011.
        let fitting = areas.filter { $0 < 0.56 }
        let half = Double(fitting.filter { $0 < 0.32 }.count) / Double(fitting.count)
        #expect(abs(half - 0.5) < 0.05)
        #expect(abs(centres.x - 0.5) < 0.01 && abs(centres.y - 0.5) < 0.01)
    }

    @Test("Where no draw fits, the largest allowed part in the middle is taken")
    func fallback() {
        var random = CounterRandom(seed: 0, stream: .augmentation)
        let wide = RandomResizedCrop(size: 8).part(of: ImageSize(height: 10, width: 1_000), &random)
        #expect(wide == PixelRectangle(left: 493, top: 0, width: 13, height: 10))
        let high = RandomResizedCrop(size: 8).part(of: ImageSize(height: 1_000, width: 10), &random)
        #expect(high == PixelRectangle(left: 0, top: 493, width: 10, height: 13))
    }

    @Test("Every step prints its parameters")
    func descriptions() {
        #expect(
            "\(Augmentation.imagenetTraining)" == """
                random resized crop 224 (area 0.08 to 1.0, aspect 0.75 to 1.333, antialiased), \
                horizontal flip
                """)
        #expect(
            "\(Augmentation.imagenetEvaluation)"
                == "shorter side to 256 (antialiased), centre crop 224×224")
        #expect(
            "\(Augmentation.kerasTraining)" == """
                horizontal flip, vertical flip, rotation by up to ±108.0° (bilinear, reflected), \
                zoom by up to ±20.0 % (bilinear, reflected)
                """)
        #expect("\(Augmentation.none)" == "none")
    }
}

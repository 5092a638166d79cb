import CPhotos
import Datasets
import Foundation
import Tensors
import Testing

@Suite("Folders of photos")
struct ImageFolderTests {
    private func jpeg() throws -> Data { try PhotoGolden.bytes("420.jpg") }

    @Test("Classes are sorted folders, photos sorted files; endings in any case; others are named")
    func listing() throws {
        let data = try jpeg()
        let folder = try PhotoFolder([
            ("train/b/2.jpg", data), ("train/b/10.JPEG", data), ("train/B/x.PNG", data),
            ("train/a/y.Jpg", data), ("train/a/notes.txt", data), ("train/a/.hidden.jpg.swp", data),
            ("val/a/v.jpeg", data), ("val/a/Thumbs.db", data), ("train/readme.md", data),
        ])
        let location = try DatasetName.imageFolder.locate(root: folder.root.path)
        #expect(location.classCount == 3)
        #expect(location.trainingCount == 4)
        let training = try location.read(.training)
        #expect(training.classNames == ["B", "a", "b"])
        #expect((0..<4).map { training.label(at: $0) } == [0, 1, 2, 2])
        let test = try location.read(.test)
        #expect((0..<test.count).map { test.label(at: $0) } == [1])
        #expect(
            location.provenance.notes == [
                "not photos and left alone: train/a/notes.txt, val/a/Thumbs.db"
            ])
        #expect(!location.provenance.isSubset && !location.provenance.isSynthetic)
    }

    @Test("The identity follows from paths and sizes, not from where the folder lies")
    func identity() throws {
        let files = [("train/a/1.jpg", try jpeg()), ("val/a/1.jpg", try jpeg())]
        func identity(_ files: [(String, Data)]) throws -> String {
            let folder = try PhotoFolder(files)
            return try DatasetName.imageFolder.locate(root: folder.root.path).provenance.identity
        }
        let first = try identity(files)
        #expect(try identity(files) == first)
        #expect(first.hasPrefix("image_folder:1+"))
        #expect(try identity(files + [("val/a/2.jpg", try jpeg())]) != first)
        #expect(
            try identity([files[0], ("val/a/1.jpg", try PhotoGolden.bytes("422.jpg"))]) != first)
    }

    @Test("The folder or its parent may be given; a folder that is none is refused with advice")
    func roots() throws {
        let folder = try PhotoFolder([
            ("set/train/a/1.jpg", try jpeg()), ("set/val/a/1.jpg", try jpeg()),
        ])
        #expect(try DatasetName.imageFolder.locate(root: folder.root.path).trainingCount == 1)
        #expect(throws: DatasetError.self) {
            try DatasetName.imageFolder.locate(root: folder.root.path + "/set/train/a")
        }
        let strange = try PhotoFolder([
            ("train/a/1.jpg", try jpeg()), ("val/c/1.jpg", try jpeg()),
        ])
        let error = #expect(throws: DatasetError.self) {
            try DatasetName.imageFolder.locate(root: strange.root.path)
        }
        #expect("\(try #require(error))".contains("class c is not among those of"))
        let few = #expect(throws: DatasetError.self) {
            try DatasetName.imagenette.locate(root: folder.root.path)
        }
        #expect("\(try #require(few))".contains("found 1 class folders, but imagenette has 10"))
    }

    /// Damage of several kinds and what is said about it.
    static let damages: [(String, String, @Sendable (Data) -> Data)] = [
        ("420.jpg", "ends before the image does", { $0.prefix($0.count - 300) }),
        ("420.jpg", "ends before the image does", { $0.prefix(200) }),
        ("progressive.jpg", "ends before the image does", { $0.prefix($0.count - 300) }),
        ("rgb.png", "ends before the image does", { $0.prefix($0.count - 2_000) }),
        ("rgb.png", "is damaged", { $0.replacing(at: $0.count / 2, with: 40) }),
        ("restarts.jpg", "is damaged", { $0.replacing(at: $0.count / 2, with: 60) }),
        ("420.jpg", "is neither a JPEG nor a PNG image", { _ in Data("GIF89a".utf8) }),
        ("420.jpg", "is neither a JPEG nor a PNG image", { _ in Data() }),
        ("rgb.png", "claims 100000×100000 pixels", { $0.claiming(side: 100_000) }),
    ]

    @Test(
        "A photo that cannot be decoded ends the run by its name, or is left out", arguments: 0..<9)
    func damage(number: Int) throws {
        let (name, words, change) = Self.damages[number]
        let good = try PhotoGolden.bytes(name)
        let bad = change(good)
        let folder = try PhotoFolder([
            ("train/a/1.jpg", good), ("train/a/2.jpg", bad), ("train/b/3.jpg", good),
            ("val/a/1.jpg", good),
        ])
        let loader = try Loader(
            try folder.training(), .levels(.imagenetEvaluation, count: 1))
        _ = try loader.withNextBatch { $0.count }
        let error = #expect(throws: DatasetError.self) { try loader.withNextBatch { $0.count } }
        let text = "\(try #require(error))"
        #expect(text.contains("train/a/2.jpg \(words)"), "\(text)")
        #expect(text.contains("corrupt_images: skip"))

        let skipped = try folder.training(.skip)
        #expect(skipped.count == 2)
        #expect((0..<2).map { skipped.label(at: $0) } == [0, 1])
        let note = try #require(skipped.notes.first)
        #expect(note.hasPrefix("1 of 3 photos cannot be decoded and are left out: train/a/2.jpg"))
        #expect(note.contains(words))
        #expect(try skipped.levels(.imagenetEvaluation, count: 2).shape == [2, 3, 224, 224])
    }

    /// What PIL reads without complaint and without made-up pixels is no damage.
    @Test("Stray bytes behind the image do no harm")
    func strayBytes() throws {
        let data = try jpeg() + Data(repeating: 7, count: 50)
        let folder = try PhotoFolder([("train/a/1.jpg", data), ("val/a/1.jpg", data)])
        let expected = try #require(try PhotoGolden.tensors()["decoded/420.jpg"])
        #expect(try folder.training().image(at: 0) == expected)
    }

    @Test("Photos of other sizes than the rest are refused where nothing resizes them")
    func sizes() throws {
        let folder = try PhotoFolder.golden(["large.jpg"])
        let loader = try Loader(try folder.training(), .levels(.none, count: 1))
        let error = #expect(throws: DatasetError.self) { try loader.withNextBatch { $0.count } }
        #expect("\(try #require(error))".contains("has 110×150 pixels instead of 224×224"))
    }

    @Test("Batches are the same bytes whatever the threads, decoded exactly or scaled")
    func threads() throws {
        let folder = try PhotoFolder.golden(
            ["large.jpg", "420.jpg", "progressive.jpg", "rgb.png", "cmyk.jpg"], copies: 7)
        let photos = try folder.training()
        for decode in [DecodeMode.exact, .scaled] {
            func batches(_ threads: Int) throws -> [HostTensor] {
                var configuration = LoaderConfiguration.levels(
                    Augmentation([
                        .randomResizedCrop(RandomResizedCrop(size: 20)), .horizontalFlip,
                    ]), count: 8)
                configuration.order = .shuffled(seed: 3)
                configuration.threads = threads
                configuration.decode = decode
                let loader = try Loader(photos, configuration)
                return try (0..<9).map { _ in try loader.withNextBatch { $0.imageTensor } }
            }
            let reference = try batches(1)
            #expect(try batches(4) == reference)
        }
    }

    @Test("All clones of the loops give the same pixels")
    func clones() throws {
        let folder = try PhotoFolder.golden(["large.jpg"])
        let photos = try folder.training()
        let size = ImageSize(height: 33, width: 57)
        let row = try photos.image(at: 0).bytes
        var results: [[UInt8]] = []
        for clone in [gcb_pixels_baseline, gcb_pixels_avx2, gcb_pixels_avx512] {
            _ = gcb_pixels_select(clone)
            var result = [UInt8](repeating: 0, count: 4 * 20 + 64)
            let first = (0..<20).map { Int32(7 * $0) }
            let weights = (0..<160).map { Int32(($0 * 7_919) % 500_000) }
            gcb_resample_row(row, &result, 20, first, 2, weights)
            var blended = [UInt8](repeating: 0, count: 320 + 64)
            gcb_blend_rows(row, 320, 7, weights, &blended, 320)
            results.append(result + blended)
        }
        _ = gcb_pixels_select(gcb_pixels_avx512)
        #expect(results[1] == results[0] && results[2] == results[0])
        #expect(Set(results[0]).count > 50 && size.width == 57)
    }

    @Test("Decoding at a reduced size gives nearly the pixels of decoding exactly")
    func scaled() throws {
        let folder = try PhotoFolder.golden(["large.jpg"])
        let photos = try folder.training()
        let shrink = Augmentation([.resize(ImageSize(height: 25, width: 35), .antialiased)])
        let exact = try photos.levels(shrink, count: 1)
        let scaled = try photos.levels(shrink, count: 1) { $0.decode = .scaled }
        let difference = zip(exact.doubles(), scaled.doubles()).map { abs($0 - $1) }
        let mean = difference.reduce(0, +) / Double(difference.count)
        #expect(mean > 0, "the scaled path was taken")
        // A box filter in place of a part of the triangle: small on average, more at edges.
        #expect(mean < 6)
    }

    @Test("Drawn images take the path of photos where more than a placement is asked for")
    func planes() throws {
        let dataset = DatasetName.cifar10.standIn(split: .test, count: 4)
        let levels = try dataset.levels(.imagenetEvaluation, count: 4)
        #expect(levels.shape == [4, 3, 224, 224])
        let flat = try dataset.levels(Augmentation([.verticalFlip]), count: 4)
        let image = try dataset.image(at: 0).bytes.map(Double.init)
        let first = Array(flat.doubles().prefix(3_072))
        let rows = (0..<96).map { row in Array(image[row * 32..<(row + 1) * 32]) }
        let upsideDown = (0..<3).flatMap { c in (0..<32).flatMap { rows[c * 32 + 31 - $0] } }
        let close = { (a: [Double], b: [Double]) in zip(a, b).allSatisfy { abs($0 - $1) < 1e-3 } }
        #expect(close(first, image) || close(first, upsideDown))
    }
}

extension Data {
    /// Zeros over some bytes.
    fileprivate func replacing(at start: Int, with count: Int) -> Data {
        var data = self
        data.replaceSubrange(start..<start + count, with: Data(repeating: 0, count: count))
        return data
    }

    /// A PNG whose header claims another size, with a checksum that agrees.
    fileprivate func claiming(side: UInt32) -> Data {
        var data = self
        let bytes = Swift.withUnsafeBytes(of: side.bigEndian) { Data($0) }
        data.replaceSubrange(16..<24, with: bytes + bytes)
        let checksum = data[12..<29].reduce(0xFFFF_FFFF as UInt32) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
                value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1
            }
        }
        data.replaceSubrange(
            29..<33, with: Swift.withUnsafeBytes(of: (~checksum).bigEndian) { Data($0) })
        return data
    }
}

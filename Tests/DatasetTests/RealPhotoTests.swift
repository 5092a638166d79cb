import Datasets
import Foundation
import Tensors
import Testing

/// Photos of native size that may lie beside the project; absent on most machines.
private let realPhotos = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "shared/data/imagenet-native-sample")

/// The oracle is PIL; see `Tests/Goldens/real_photos.py`.
@Suite(
    "Real photos",
    .enabled(
        if: FileManager.default.fileExists(atPath: realPhotos.path),
        "there is no ../shared/data/imagenet-native-sample here"))
struct RealPhotoTests {
    private func golden(_ name: String) throws -> HostTensor {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Goldens/real_photos.safetensors")
        return try #require(try Safetensors.read(file.path)[name])
    }

    private func photos(_ split: Split) throws -> Dataset {
        try DatasetName.imageFolder.open(root: realPhotos.path, split: split)
    }

    @Test("Evaluation sees PIL's pixels of every photo, bit for bit")
    func evaluation() throws {
        let photos = try photos(.test)
        let levels = try photos.levels(.imagenetEvaluation, count: photos.count)
        #expect(Self.digests(levels) == (try golden("evaluation").values(as: Int64.self)))
    }

    @Test("Training sees PIL's pixels of every random crop, bit for bit")
    func training() throws {
        let photos = try photos(.training)
        let levels = try photos.levels(.imagenetTraining, count: photos.count, epoch: 3)
        #expect(Self.digests(levels) == (try golden("training").values(as: Int64.self)))
    }

    @Test("The network sees the normalized numbers, rounded once")
    func normalization() throws {
        let loader = try Loader(try photos(.test), .evaluation(of: .imagenet, batchSize: 1))
        let numbers = try loader.withNextBatch { $0.imageTensor }.values(as: Float.self)
        let expected = try golden("normalized").values(as: Double.self)
        // NumPy divides by 255 first; in double precision that moves nothing that a Float keeps.
        for (place, number) in expected.enumerated() {
            #expect(abs(Double(numbers[4_001 * place]) - number) < 2e-7)
        }
        #expect(expected.count == 38)
    }

    /// FNV-1a of each image's bytes.
    private static func digests(_ levels: HostTensor) -> [Int64] {
        let bytes = levels.values(as: Float.self).map { UInt8($0.rounded()) }
        let size = levels.shape.dimensions.dropFirst().reduce(1, *)
        return stride(from: 0, to: bytes.count, by: size).map { start in
            let hash = bytes[start..<start + size].reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
                ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
            }
            return Int64(bitPattern: hash)
        }
    }
}

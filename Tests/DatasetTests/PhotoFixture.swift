import Datasets
import Foundation
import Tensors
import Testing

/// `Tests/Goldens/photos` and what PIL, torchvision, OpenCV and Keras' formulas make of it.
enum PhotoGolden {
    private static let goldens = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Goldens")

    static let folder = goldens.appending(path: "photos")

    static func tensors() throws -> [String: HostTensor] {
        try Safetensors.read(goldens.appending(path: "photos.safetensors").path)
    }

    static func bytes(_ name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: name))
    }
}

/// A folder of class folders that is gone afterwards.
struct PhotoFolder: ~Copyable {
    let root: URL

    /// - Parameter files: paths such as `train/a/1.jpg` and what they hold.
    init(_ files: [(String, Data)]) throws {
        root = FileManager.default.temporaryDirectory
            .appending(path: "gc-bench-photos-\(UUID().uuidString)")
        for (path, data) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try data.write(to: file)
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    /// Training images of the generic data set.
    func training(_ policy: CorruptImagePolicy = .fail) throws -> Dataset {
        try DatasetName.imageFolder.locate(root: root.path)
            .read(.training, corruptImages: policy)
    }

    /// Some photos of the goldens as one class, `copies` times each.
    static func golden(_ names: [String], copies: Int = 1) throws -> PhotoFolder {
        var files: [(String, Data)] = []
        for name in names {
            let data = try PhotoGolden.bytes(name)
            files += (0..<copies).map { ("train/a/\($0)-\(name)", data) }
            files.append(("val/a/\(name)", data))
        }
        return try PhotoFolder(files)
    }
}

extension LoaderConfiguration {
    /// The images as they are after an augmentation, in order, in levels 0 … 255.
    static func levels(
        _ augmentation: Augmentation, count: Int, seed: UInt64 = 7, epoch: Int = 0
    ) -> LoaderConfiguration {
        var configuration = LoaderConfiguration(
            batchSize: count, order: .sequential, dropsLast: false, augmentation: augmentation,
            normalization: PixelNormalization(
                means: [0, 0, 0], deviations: Array(repeating: 1.0 / 255, count: 3)),
            augmentationSeed: seed)
        configuration.start = BatchPosition(epoch: epoch, batch: 0)
        return configuration
    }
}

extension Dataset {
    /// The first batch, `[N, 3, H, W]`, in levels 0 … 255.
    func levels(
        _ augmentation: Augmentation, count: Int, epoch: Int = 0,
        _ change: (inout LoaderConfiguration) -> Void = { _ in }
    ) throws -> HostTensor {
        var configuration = LoaderConfiguration.levels(augmentation, count: count, epoch: epoch)
        change(&configuration)
        return try Loader(self, configuration).withNextBatch { $0.imageTensor }
    }
}

/// The largest difference between levels and bytes (or other levels) of the same shape.
func largestDifference(_ levels: HostTensor, _ expected: HostTensor) -> Double {
    let (first, second) = (levels.doubles(), expected.converted(to: .float64).doubles())
    guard first.count == second.count, !first.isEmpty else { return .infinity }
    return zip(first, second).map { abs($0 - $1) }.max() ?? .infinity
}

import CPhotos
import Foundation
import Tensors

/// Writes drawn images as JPEG or PNG files in a photo set's layout.
struct PhotoSynthesis {
    let name: DatasetName
    let layout: SyntheticLayout

    /// - Returns: the folder that readers take as the data folder.
    /// - Throws: `unwritableFile`.
    func write(_ drawing: (Split) -> Drawing, to folder: String) throws(DatasetError) -> String {
        let archive = SyntheticArchive(name, layout)
        let inner = Files.join(folder, archive.folder)
        var photos: [SyntheticArchive.Photo] = []
        for split in Split.allCases {
            let drawing = drawing(split)
            let added = (0..<drawing.count).map {
                SyntheticArchive.Photo(split: split, index: $0, label: drawing.label(at: $0))
            }
            try write(added, drawing, archive, to: inner)
            photos += added
        }
        for (path, lines) in archive.lists(photos) {
            let text = lines.map { $0 + "\n" }.joined()
            try Files.write(Array(text.utf8), to: Files.join(inner, path))
        }
        return inner
    }

    private func write(
        _ photos: [SyntheticArchive.Photo], _ drawing: Drawing, _ archive: SyntheticArchive,
        to folder: String
    ) throws(DatasetError) {
        let results = Parallel.map(photos, chunk: 8) { photo -> DatasetError? in
            let path = Files.join(folder, archive.path(photo))
            do throws(DatasetError) {
                try Files.write(try encoded(photo, drawing, path), to: path)
                return nil
            } catch { return error }
        }
        if let error = results.compactMap(\.self).first { throw error }
    }

    private func encoded(
        _ photo: SyntheticArchive.Photo, _ drawing: Drawing, _ path: String
    ) throws(DatasetError) -> [UInt8] {
        let (height, width) = size(photo, seed: drawing.seed)
        let planes = drawing.image(at: photo.index, height: height, width: width)
        let pixels = Self.interleaved(planes)
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        let status =
            path.hasSuffix(".png")
            ? gcb_png_write(pixels, Int32(width), Int32(height), &bytes, &count)
            : gcb_jpeg_write(pixels, Int32(width), Int32(height), 90, &bytes, &count)
        defer { free(bytes) }
        guard status == gcb_photo_fine, let bytes else {
            throw .unwritableFile(path: path, reason: "the image library ran out of memory")
        }
        return Array(UnsafeBufferPointer(start: bytes, count: count))
    }

    /// The usual sizes of the real files, or smaller ones in their proportions.
    private func size(_ photo: SyntheticArchive.Photo, seed: UInt64) -> (height: Int, width: Int) {
        switch name {
        case .horsesOrHumans: return (300, 300)
        case .miniImagenet: return (84, 84)
        case .imagenet, .imagenette, .imageFolder, .stanfordCars, .stanfordDogs, .fgvcAircraft, .cub200, .shapes, .cifar10,
            .cifar100:
            var random = CounterRandom(
                seed: seed, stream: .synthesis, epoch: photo.split == .training ? 2 : 3,
                index: photo.index)
            let (long, short) = (240 + random.integer(below: 120), 180 + random.integer(below: 60))
            return random.integer(below: 3) == 0 ? (long, short) : (short, long)
        }
    }

    /// From `[3, H, W]` to `[H, W, 3]`.
    private static func interleaved(_ planes: [UInt8]) -> [UInt8] {
        let count = planes.count / 3
        return [UInt8](unsafeUninitializedCapacity: planes.count) { pixels, initializedCount in
            for pixel in 0..<count {
                for channel in 0..<3 {
                    pixels[3 * pixel + channel] = planes[channel * count + pixel]
                }
            }
            initializedCount = planes.count
        }
    }
}

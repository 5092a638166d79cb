import Foundation
import Tensors

extension PhotoSet {
    /// One split, after the policy was applied.
    func read(_ split: Split, _ policy: CorruptImagePolicy) throws(DatasetError) -> Dataset {
        switch policy {
        case .fail: return read(split)
        case .skip:
            let list = list(of: split)
            let faults = PhotoInspection.faults(in: PhotoFiles(list))
            var dataset = read(split)
            guard !faults.isEmpty else { return dataset }
            dataset = Dataset(
                provenance: provenance, split: split, classNames: classNames,
                imageShape: name.facts.imageShape,
                photos: PhotoFiles(list.without(Set(faults.keys))))
            dataset.notes = [Self.note(faults, of: list)]
            return dataset
        }
    }

    private static func note(_ faults: [Int: PhotoFault], of list: PhotoList) -> String {
        let named = faults.sorted { $0.key < $1.key }.map {
            "\(list.path(at: $0.key)) (\($0.value))"
        }
        return "\(faults.count) of \(list.count) photos cannot be decoded and are left out: "
            + named.joined(separator: ", ")
    }
}

/// Decodes photos completely, to find out which cannot be.
package enum PhotoInspection {
    /// What is wrong with photos, by their numbers; on all cores.
    package static func faults(in photos: any PhotoStorage) -> [Int: PhotoFault] {
        let chunkSize = 256
        let chunkCount = (photos.count + chunkSize - 1) / chunkSize
        let found = Collector()
        DispatchQueue.concurrentPerform(iterations: chunkCount) { chunk in
            let inspector = PhotoInspector()
            for index in chunk * chunkSize..<min(photos.count, (chunk + 1) * chunkSize) {
                if let fault = inspector.fault(of: photos, at: index) { found.add(index, fault) }
            }
        }
        return found.faults
    }

    /// `@unchecked Sendable`: the dictionary is only touched under the lock.
    private final class Collector: @unchecked Sendable {
        private let lock = NSLock()
        private var found: [Int: PhotoFault] = [:]

        var faults: [Int: PhotoFault] { lock.withLock { found } }
        func add(_ index: Int, _ fault: PhotoFault) { lock.withLock { found[index] = fault } }
    }
}

/// Decodes whole photos; one thread uses it.
private final class PhotoInspector {
    private let workspace = PixelWorkspace(decode: .exact)
    private let file = PixelBuffer()

    func fault(of photos: any PhotoStorage, at index: Int) -> PhotoFault? {
        do {
            try photos.withPhoto(at: index, using: file) { (photo) throws(PhotoFault) in
                try workspace.forEachRow(of: photo) { _, _, _ in }
            }
            return nil
        } catch .faultyPhoto(_, let fault) {
            return fault
        } catch {
            return .unreadable("\(error)")
        }
    }
}

extension PixelWorkspace {
    /// Calls `body` with every row of an image, its number and the image's size.
    func forEachRow(
        of image: StoredImage, _ body: (Int, ImageSize, UnsafePointer<UInt8>) -> Void
    ) throws(PhotoFault) {
        let source = try open(image)
        let size = source.size
        try render(PixelView(whole: size), of: source) { y, row in body(y, size, row) }
    }
}

extension PhotoStorage {
    /// The whole image as bytes in planes, `[3, H, W]`.
    func wholeImage(at index: Int) throws(DatasetError) -> HostTensor {
        let workspace = PixelWorkspace(decode: .exact)
        var bytes: [UInt8] = []
        var shape: Shape = [3, 0, 0]
        try withPhoto(at: index, using: PixelBuffer()) { (photo) throws(PhotoFault) in
            try workspace.forEachRow(of: photo) { y, size, row in
                let plane = size.height * size.width
                if bytes.isEmpty { bytes = Array(repeating: 0, count: 3 * plane) }
                shape = [3, size.height, size.width]
                for x in 0..<size.width {
                    for channel in 0..<3 {
                        bytes[channel * plane + y * size.width + x] = row[4 * x + channel]
                    }
                }
            }
        }
        return HostTensor(spec: TensorSpec(shape, .uint8), bytes: bytes)
    }
}

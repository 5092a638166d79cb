import Foundation
import Tensors

/// A number of drawn images, whose labels go round the classes of a data set.
struct Drawing: Sendable {
    let name: DatasetName
    let seed: UInt64
    let split: Split
    let count: Int
    /// Where the name does not tell it.
    var classCount: Int?

    func dataset(_ provenance: Provenance) -> Dataset {
        let shape = name.facts.imageShape
        let labels = (0..<count).map { UInt16(label(at: $0)) }
        return Dataset(
            provenance: provenance, split: split, classNames: classNames, imageShape: shape,
            images: ImagesInMemory(pixels: pixels(shape), labels: labels, shape: shape))
    }

    private var classNames: [String] {
        classCount.map { (0..<$0).map { "class \($0)" } } ?? name.classNames
    }

    func label(at index: Int) -> Int { index % (classCount ?? name.facts.classCount) }

    /// One image as planes, `[3, H, W]`; it depends on the seed, the split, the index and the size.
    func image(at index: Int, height: Int, width: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 3 * height * width) { pixels, initializedCount in
            paint(index..<index + 1, [3, height, width], first: index, into: pixels)
            initializedCount = 3 * height * width
        }
    }

    private func pixels(_ shape: Shape) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count * shape.count) { buffer, initializedCount in
            // Chunks do not overlap, and `concurrentPerform` returns after the last one is drawn.
            nonisolated(unsafe) let pixels = buffer
            let chunkSize = 64
            DispatchQueue.concurrentPerform(iterations: (count + chunkSize - 1) / chunkSize) {
                paint(
                    $0 * chunkSize..<min(count, ($0 + 1) * chunkSize), shape, first: 0,
                    into: pixels)
            }
            initializedCount = count * shape.count
        }
    }

    /// - Parameter first: the image that `pixels` begins with.
    private func paint(
        _ images: Range<Int>, _ shape: Shape, first: Int,
        into pixels: UnsafeMutableBufferPointer<UInt8>
    ) {
        let painter = ShapePainter(height: shape[1], width: shape[2])
        withUnsafeTemporaryAllocation(of: ShapeColour.self, capacity: shape[1] * shape[2]) {
            canvas in
            canvas.initialize(repeating: .zero)
            for image in images {
                var random = CounterRandom(
                    seed: seed, stream: .synthesis, epoch: split == .training ? 0 : 1,
                    index: image)
                let outline = ShapeClass.allCases[label(at: image) % ShapeClass.allCases.count]
                let start = (image - first) * shape.count
                painter.paint(
                    outline, nuisance: .standard, random: &random, on: canvas,
                    into: UnsafeMutableBufferPointer(rebasing: pixels[start..<start + shape.count])
                )
            }
        }
    }
}

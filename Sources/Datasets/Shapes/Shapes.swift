import Foundation
import Tensors

/// The data set that the program draws: ten shapes under variation of position, size, turn, colour,
/// background, noise and occlusion.
///
/// An image depends on its split and its index alone, so every training sees the same data set, and
/// a larger set begins with the images of a smaller one. Labels go round: image `i` has class
/// `i mod 10`.
struct Shapes: Hashable, Sendable {
    /// The version of the drawing, which is part of the set's identity: changing one pixel of any
    /// image changes it.
    private static let version: UInt64 = 1

    let trainingCount: Int
    let testCount: Int

    /// - Parameters: how many images to draw; nil for the usual numbers.
    init(trainingCount: Int? = nil, testCount: Int? = nil) {
        let facts = DatasetName.shapes.facts
        self.trainingCount = trainingCount ?? facts.trainingCount
        self.testCount = testCount ?? facts.testCount
    }

    var provenance: Provenance { Provenance(name: .shapes, origin: .drawn, format: .memory) }

    /// Draws one split, on all cores.
    func draw(_ split: Split) -> Dataset {
        Drawing(name: .shapes, seed: Self.version, split: split, count: count(of: split))
            .dataset(provenance)
    }

    private func count(of split: Split) -> Int {
        switch split {
        case .training: trainingCount
        case .test: testCount
        }
    }
}

extension DatasetName {
    /// A stand-in for the data set: `count` drawn images of its real size, with labels spread over
    /// all of its classes, marked as synthetic.
    ///
    /// - Parameter classCount: where the name does not tell it.
    public func standIn(split: Split, count: Int, classCount: Int? = nil) -> Dataset {
        precondition(count > 0, "a stand-in has at least one image")
        return Drawing(name: self, seed: 0, split: split, count: count, classCount: classCount)
            .dataset(Provenance(name: self, origin: .standIn, format: .memory))
    }
}

/// A number of drawn images.
private struct Drawing {
    let name: DatasetName
    let seed: UInt64
    let split: Split
    let count: Int
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

    private func label(at index: Int) -> Int { index % (classCount ?? name.facts.classCount) }

    private func pixels(_ shape: Shape) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count * shape.count) { buffer, initializedCount in
            // Chunks do not overlap, and `concurrentPerform` returns after the last one is drawn.
            nonisolated(unsafe) let pixels = buffer
            let chunkSize = 64
            DispatchQueue.concurrentPerform(iterations: (count + chunkSize - 1) / chunkSize) {
                paint($0 * chunkSize..<min(count, ($0 + 1) * chunkSize), shape, into: pixels)
            }
            initializedCount = count * shape.count
        }
    }

    private func paint(
        _ images: Range<Int>, _ shape: Shape, into pixels: UnsafeMutableBufferPointer<UInt8>
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
                let start = image * shape.count
                painter.paint(
                    outline, nuisance: .standard, random: &random, on: canvas,
                    into: UnsafeMutableBufferPointer(rebasing: pixels[start..<start + shape.count])
                )
            }
        }
    }
}

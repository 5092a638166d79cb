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

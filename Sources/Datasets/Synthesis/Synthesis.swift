import Foundation

/// A stand-in for a data set, in the set's real format on disk: drawn images that exercise every
/// reader without the data.
///
/// The bytes depend on the fields and on the versions of the image libraries alone. Every folder is
/// marked (``SyntheticMarker``), so whatever is trained on it is recorded as synthetic.
public struct Synthesis: Hashable, Sendable {
    public let name: DatasetName
    public let layout: SyntheticLayout
    public let trainingCount: Int
    public let testCount: Int
    public let seed: UInt64

    /// - Parameter trainingCount: nil for one image of each class, at least a hundred.
    /// - Throws: `notSynthesized` for a set without files or a layout it has not, `notPositive`.
    public init(
        _ name: DatasetName, layout: SyntheticLayout = .official, trainingCount: Int? = nil,
        seed: UInt64 = 0
    ) throws(DatasetError) {
        let layouts = SyntheticLayout.layouts(of: name)
        guard layouts.contains(layout) else { throw .notSynthesized(name, layout) }
        let count = trainingCount ?? max(100, name.facts.classCount)
        guard count >= Self.leastCount else {
            throw .notEnough(what: "images to draw", value: count, least: Self.leastCount)
        }
        self.name = name
        self.layout = layout
        self.trainingCount = count
        testCount = max(1, count / 2)
        self.seed = seed
    }

    /// A CIFAR-10 release has five training files, and none is empty.
    static let leastCount = 5

    /// Writes the set into a folder of its name below `folder`, in one move once it is whole.
    ///
    /// - Returns: the folder.
    /// - Throws: `unwritableFile`, also where something is there already.
    public func write(below folder: String) throws(DatasetError) -> String {
        let target = Files.join(folder, name.rawValue)
        guard !Files.exists(target) else {
            throw .unwritableFile(
                path: target, reason: "it is there already; remove it or name another folder")
        }
        let partial = Files.join(folder, ".\(name.rawValue).partial")
        try Files.remove(partial)
        let marker = SyntheticMarker(
            dataset: name, training: trainingCount, test: testCount, seed: seed)
        let inner = try writeImages(to: partial)
        for place in Set([partial, inner]) { try marker.write(to: place) }
        try Files.move(partial, to: target)
        return target
    }

    /// - Returns: the folder that readers find.
    private func writeImages(to folder: String) throws(DatasetError) -> String {
        switch name {
        case .shapes: return folder
        case .cifar10: return try cifar(.cifar10).write(drawing, to: folder)
        case .cifar100: return try cifar(.cifar100).write(drawing, to: folder)
        case .imagenet, .imagenette, .imageFolder, .miniImagenet, .stanfordCars, .stanfordDogs,
            .fgvcAircraft, .cub200, .horsesOrHumans:
            return try PhotoSynthesis(name: name, layout: layout).write(drawing, to: folder)
        }
    }

    private func cifar(_ variant: CIFARVariant) -> CIFARSynthesis {
        CIFARSynthesis(variant: variant, format: layout == .pickle ? .pickle : .binary)
    }

    private func drawing(_ split: Split) -> Drawing {
        Drawing(
            name: name, seed: seed, split: split,
            count: split == .training ? trainingCount : testCount)
    }
}

import Datasets
import Tensors

/// Training images of which some are kept apart.
///
/// They are drawn at random, not by class, from a generator with a key of its own: the same images
/// in every arm and for every seed, so that epochs are chosen on the same evidence.
struct ValidationSplit {
    let training: Dataset
    /// nil where none are kept apart.
    let validation: Dataset?

    init(_ dataset: Dataset, count: Int) {
        guard count > 0, count < dataset.count else {
            (training, validation) = (dataset, nil)
            return
        }
        var random = CounterRandom(seed: 0, stream: .order, name: "validation images")
        let order = random.permutation(of: dataset.count)
        validation = dataset.selecting(order[..<count].sorted())
        training = dataset.selecting(order[count...].sorted())
    }
}

extension Dataset {
    /// Some of the images, in the given order.
    func selecting(_ indices: [Int32]) -> Dataset {
        Dataset(
            provenance: provenance, split: split, classNames: classNames, imageShape: imageShape,
            images: SelectedImages(all: images, indices: indices))
    }
}

/// Some of the images of another storage.
private struct SelectedImages: ImageStorage {
    let all: any ImageStorage
    let indices: [Int32]

    var count: Int { indices.count }

    func label(at index: Int) -> Int { all.label(at: Int(indices[index])) }

    func withImage(at index: Int, _ body: (ImagePlanes) -> Void) throws {
        try all.withImage(at: Int(indices[index]), body)
    }
}

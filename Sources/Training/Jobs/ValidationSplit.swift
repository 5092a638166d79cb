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

import Datasets
import Tensors
import Testing

@Suite("Augmentation")
struct AugmentationTests {
    @Test("Placements cover all crops and both mirrorings, each about equally often")
    func distribution() {
        let augmentation = Augmentation(padding: 4, mirrors: true)
        var counts: [Augmentation.Placement: Int] = [:]
        for index in 0..<16_200 {
            counts[augmentation.placement(seed: 3, epoch: 0, index: index), default: 0] += 1
        }
        #expect(counts.count == 9 * 9 * 2)
        // 100 are expected of each; Poisson, so 50 and 160 are five standard deviations away.
        #expect(counts.values.allSatisfy { (50...160).contains($0) })
        #expect(counts.keys.allSatisfy { abs($0.row) <= 4 && abs($0.column) <= 4 })
    }

    @Test("A placement depends on seed, epoch and index, and on nothing else")
    func keys() {
        let augmentation = Augmentation(padding: 4, mirrors: true)
        func placements(seed: UInt64, epoch: Int) -> [Augmentation.Placement] {
            (0..<50).map { augmentation.placement(seed: seed, epoch: epoch, index: $0) }
        }
        #expect(placements(seed: 0, epoch: 0) == placements(seed: 0, epoch: 0))
        #expect(placements(seed: 0, epoch: 0) != placements(seed: 1, epoch: 0))
        #expect(placements(seed: 0, epoch: 0) != placements(seed: 0, epoch: 1))
        #expect(Augmentation.none.placement(seed: 0, epoch: 0, index: 0) == .asStored)
    }

    @Test(
        "Published constants",
        arguments: [
            (DatasetName.cifar100, [0.507, 0.487, 0.441], [0.267, 0.256, 0.276]),
            (.cifar10, [0.4914, 0.4822, 0.4465], [0.2470, 0.2435, 0.2616]),
            (.imagenet, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
        ])
    func constants(name: DatasetName, means: [Double], deviations: [Double]) {
        #expect(name.facts.normalization.means == means)
        #expect(name.facts.normalization.deviations == deviations)
    }

    @Test("CIFAR is cropped from 4 pixels of padding and mirrored")
    func protocols() {
        for name in [DatasetName.cifar10, .cifar100] {
            #expect(name.facts.augmentation == Augmentation(padding: 4, mirrors: true))
            #expect(
                "\(name.facts.augmentation)"
                    == "random crop with 4 pixels of zero padding, horizontal flip")
        }
    }

    /// The definition, pixel by pixel: pad with zeros, crop, mirror, divide by 255, normalize.
    @Test("A training batch is what the definition says", arguments: [0, 1, 4, 40])
    func definition(padding: Int) throws {
        let dataset = drawn(count: 40)
        var configuration = LoaderConfiguration.training(
            on: .cifar100, batchSize: 40, seed: 5, dropsLast: true)
        configuration.augmentation = Augmentation(padding: padding, mirrors: true)
        configuration.scalarType = .float64
        let (double, indices) = try Loader(dataset, configuration).withNextBatch {
            ($0.imageTensor.doubles(), Array($0.indices))
        }
        configuration.scalarType = .float32
        let single = try Loader(dataset, configuration).withNextBatch { $0.imageTensor }

        let expected = try indices.flatMap { index in
            try normalizedByDefinition(
                dataset.image(at: Int(index)).bytes,
                configuration.augmentation.placement(seed: 5, epoch: 0, index: Int(index)))
        }
        #expect(double == expected)
        #expect(single.values(as: Float.self) == expected.map(Float.init))
    }

    private func normalizedByDefinition(
        _ image: [UInt8], _ placement: Augmentation.Placement
    ) -> [Double] {
        let (means, deviations) = ([0.507, 0.487, 0.441], [0.267, 0.256, 0.276])
        var result: [Double] = []
        for c in 0..<3 {
            for y in 0..<32 {
                for x in 0..<32 {
                    let row = y + placement.row
                    let column = (placement.isMirrored ? 31 - x : x) + placement.column
                    let isInside = (0..<32).contains(row) && (0..<32).contains(column)
                    let pixel = isInside ? Double(image[(c * 32 + row) * 32 + column]) : 0
                    result.append((pixel / 255 - means[c]) / deviations[c])
                }
            }
        }
        return result
    }
}

/// Drawn images of CIFAR-100's form.
func drawn(count: Int) -> Dataset { DatasetName.cifar100.standIn(split: .training, count: count) }

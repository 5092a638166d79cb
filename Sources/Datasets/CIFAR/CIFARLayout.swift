/// The files of an official CIFAR release, in one of its formats.
struct CIFARLayout: Hashable, Sendable {
    /// The folder that the official archive unpacks to.
    let folder: String
    let training: [Provenance.File]
    let test: [Provenance.File]

    var files: [Provenance.File] { training + test }

    func files(of split: Split) -> [Provenance.File] {
        switch split {
        case .training: training
        case .test: test
        }
    }
}

extension CIFARVariant {
    func layout(_ format: CIFARFormat) -> CIFARLayout {
        switch (self, format) {
        case (.cifar10, .binary): Self.binaryTen
        case (.cifar10, .pickle): Self.pickledTen
        case (.cifar100, .binary): Self.binaryHundred
        case (.cifar100, .pickle): Self.pickledHundred
        }
    }

    // The sizes are those of the official files: whoever has these has the official set.

    private static let binaryTen = CIFARLayout(
        folder: "cifar-10-batches-bin",
        training: (1...5).map { .init(path: "data_batch_\($0).bin", byteCount: 30_730_000) },
        test: [.init(path: "test_batch.bin", byteCount: 30_730_000)])

    private static let pickledTen = CIFARLayout(
        folder: "cifar-10-batches-py",
        training: [
            .init(path: "data_batch_1", byteCount: 31_035_704),
            .init(path: "data_batch_2", byteCount: 31_035_320),
            .init(path: "data_batch_3", byteCount: 31_035_999),
            .init(path: "data_batch_4", byteCount: 31_035_696),
            .init(path: "data_batch_5", byteCount: 31_035_623),
        ],
        test: [.init(path: "test_batch", byteCount: 31_035_526)])

    private static let binaryHundred = CIFARLayout(
        folder: "cifar-100-binary",
        training: [.init(path: "train.bin", byteCount: 153_700_000)],
        test: [.init(path: "test.bin", byteCount: 30_740_000)])

    private static let pickledHundred = CIFARLayout(
        folder: "cifar-100-python",
        training: [.init(path: "train", byteCount: 155_249_918)],
        test: [.init(path: "test", byteCount: 31_049_707)])
}

public import Tensors

/// What is known about a data set without looking at it.
public struct DatasetFacts: Hashable, Sendable {
    /// The name as it is written in papers.
    public let title: String
    public let classCount: Int
    /// The extents of an image as the network sees it, `[C, H, W]`.
    public let imageShape: Shape
    public let trainingCount: Int
    public let testCount: Int
    public let normalization: PixelNormalization
    /// What a training image undergoes before it is normalized.
    public let augmentation: Augmentation
    /// What a test image undergoes before it is normalized.
    public internal(set) var evaluation = Augmentation.none
    /// What stands for the official set in the id of a job: its published digest.
    public let declaredIdentity: String
    /// What the data folder holds, in words that follow "a folder that holds".
    public let layout: String
}

extension DatasetName {
    public var facts: DatasetFacts {
        switch self {
        case .shapes: .shapes
        case .cifar10: .cifar10
        case .cifar100: .cifar100
        case .imagenet: .imagenet
        case .imagenette: .imagenette
        case .imageFolder: .imageFolder
        }
    }

    public var classNames: [String] {
        switch self {
        case .shapes: ShapeClass.allCases.map(\.rawValue)
        case .cifar10: CIFARVariant.cifar10.classNames
        case .cifar100: CIFARVariant.cifar100.classNames
        case .imagenet, .imagenette, .imageFolder:
            (0..<facts.classCount).map { "class \($0)" }
        }
    }
}

extension DatasetFacts {
    /// Small enough for a first run of two minutes, hard enough that a ResNet-8 stays below 95 %.
    fileprivate static let shapes = DatasetFacts(
        title: "shapes", classCount: 10, imageShape: [3, 32, 32], trainingCount: 4_000,
        testCount: 1_000, normalization: .centred,
        augmentation: Augmentation(padding: 2, mirrors: true), declaredIdentity: "shapes:1",
        layout: "nothing, since the program draws this set")

    /// *Reference:* Krizhevsky, "Learning multiple layers of features from tiny images", 2009; the
    /// identity is the published MD5 of `cifar-10-binary.tar.gz`.
    fileprivate static let cifar10 = DatasetFacts(
        title: "CIFAR-10", classCount: 10, imageShape: [3, 32, 32], trainingCount: 50_000,
        testCount: 10_000, normalization: .cifar10,
        augmentation: Augmentation(padding: 4, mirrors: true),
        declaredIdentity: "cifar10:md5:c32a1d4ab5d03f1284b67883e8d87530",
        layout: """
            data_batch_1.bin to data_batch_5.bin and test_batch.bin (cifar-10-batches-bin), or \
            data_batch_1 to data_batch_5 and test_batch (cifar-10-batches-py)
            """)

    /// *Reference:* as `cifar10`; the identity is the published MD5 of `cifar-100-binary.tar.gz`.
    fileprivate static let cifar100 = DatasetFacts(
        title: "CIFAR-100", classCount: 100, imageShape: [3, 32, 32], trainingCount: 50_000,
        testCount: 10_000, normalization: .cifar100,
        augmentation: Augmentation(padding: 4, mirrors: true),
        declaredIdentity: "cifar100:md5:03b5dce01913d631647c71ecec9e9cb8",
        layout: """
            train.bin and test.bin (cifar-100-binary), or train and test (cifar-100-python)
            """)

    /// *Reference:* Russakovsky et al., "ImageNet large scale visual recognition challenge", 2015;
    /// the identity is the published MD5 of `ILSVRC2012_img_train.tar`.
    fileprivate static let imagenet = DatasetFacts(
        title: "ImageNet", classCount: 1_000, imageShape: [3, 224, 224], trainingCount: 1_281_167,
        testCount: 50_000, normalization: .imagenet,
        augmentation: .imagenetTraining, evaluation: .imagenetEvaluation,
        declaredIdentity: "imagenet:md5:1d675b47d978889d74fa0da5fadfb00e",
        layout: """
            train/ and val/, each with one folder per class (n01440764 and 999 more) full of \
            JPEG files
            """)

    /// *Reference:* Howard, github.com/fastai/imagenette, second version. It is spread in three sizes,
    /// so the files themselves always tell which one a job saw.
    fileprivate static let imagenette = DatasetFacts(
        title: "imagenette", classCount: 10, imageShape: [3, 224, 224], trainingCount: 9_469,
        testCount: 3_925, normalization: .imagenet,
        augmentation: .imagenetTraining, evaluation: .imagenetEvaluation,
        declaredIdentity: "imagenette:2",
        layout: "train/ and val/, each with one folder per class (n01440764 and 9 more)")

    /// The counts are those of its stand-in; the files tell the real ones.
    fileprivate static let imageFolder = DatasetFacts(
        title: "image folder", classCount: 10, imageShape: [3, 224, 224], trainingCount: 1_000,
        testCount: 1_000, normalization: .imagenet,
        augmentation: .imagenetTraining, evaluation: .imagenetEvaluation,
        declaredIdentity: "image_folder:1",
        layout: "train/ and val/, each with one folder per class full of JPEG or PNG files")
}

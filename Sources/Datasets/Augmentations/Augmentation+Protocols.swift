// The published ways to prepare photos.

extension Augmentation {
    /// *Reference:* the published ImageNet and Mini-ImageNet scripts, and torchvision's.
    public static let imagenetTraining = Augmentation([
        .randomResizedCrop(RandomResizedCrop(size: 224)), .horizontalFlip,
    ])

    /// *Reference:* as `imagenetTraining`.
    public static let imagenetEvaluation = Augmentation([
        .resizeShorterSide(256, .antialiased), .centreCrop(ImageSize(square: 224)),
    ])

    /// The released fine-grained script: a centre crop in training, too.
    public static let fineGrainedTraining = Augmentation(
        fineGrainedEvaluation.steps + [.horizontalFlip])

    public static let fineGrainedEvaluation = Augmentation([
        .resizeShorterSide(512, .antialiased), .centreCrop(ImageSize(square: 448)),
    ])

    /// The paper's text: every image becomes a square first, whatever its shape.
    public static let fineGrainedPaperTraining = Augmentation(
        fineGrainedPaperEvaluation.steps + [.horizontalFlip])

    public static let fineGrainedPaperEvaluation = Augmentation([
        .resize(ImageSize(square: 512), .antialiased), .centreCrop(ImageSize(square: 448)),
    ])

    /// The Keras example, with the layers of Keras 3.0.0, on images that are 300×300 already.
    ///
    /// Deviation: pixels are rounded to bytes after each layer.
    public static let kerasTraining = Augmentation([
        .horizontalFlip, .verticalFlip, .rotation(0.3), .zoom(0.2),
    ])
}

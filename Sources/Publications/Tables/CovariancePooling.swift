extension Publication {
    static let covariancePooling = Publication(
        title: "ImageNet, global covariance pooling, top-1 accuracy",
        source: "the README of Terror03/GCP-OPT (MindSpore)",
        metrics: [.testAccuracy], selection: .unknown, margin: 0.2,
        rows: [
            row("R18, average pooling", "resnet18", 70.53),
            row("R18, Fast-MPN", "resnet18_fast_mpn128", 74.64),
            row("R18, DropCov", "resnet18_dropcov128", 73.8),
            row("R34, average pooling", "resnet34", 73.68),
            row("R34, Fast-MPN", "resnet34_fast_mpn128", 76.27),
            row("R34, DropCov", "resnet34_dropcov128", 76.13),
            row("R50, average pooling", "resnet50", 76.07),
            row("R50, Fast-MPN", "resnet50_fast_mpn128", 77.71),
            row("R50, DropCov", "resnet50_dropcov128", 77.77),
        ],
        footnotes: [
            """
            The published figures are of one run each, scored on 49,984 of the 50,000 validation \
            images; GC plays no part in them, and the text does not say of which epoch they are.
            """,
            """
            Parameters and multiply-adds of the published table are of different networks: its 3.11, \
            6.19 and 9.90 G are of heads of 256 channels (and the stride in the 1×1 convolution), its \
            parameters of heads of 128. Neither counts the covariance or its square root. 5.56 G for \
            R34 is less than its backbone alone (5.59 G); 5.65 G is what such a network has.
            """,
            """
            The parameters published for Fast-MPN (19.6, 29.7, 32.3 M) are more than any released \
            network has (19.5, 29.6, 32.0 M), by the weights of the 1×1 convolution once more; the \
            square root has none. A second copy of the table gives 19.3 M for DropCov on R18, which \
            matches nothing.
            """,
            """
            Whether the published runs used the released files is unknown: these name other rates, \
            loss scales that do not agree with each other, and 1001 classes.
            """,
            """
            The authors' PyTorch runs differ: R34 74.19 / 76.80 / 76.81, R50 76.02 / 78.56 / 78.19 \
            (average pooling / Fast-MPN / DropCov); their Fast-MPN figures are of heads of 256 channels.
            """,
        ])

    private static func row(_ label: String, _ backbone: String, _ accuracy: Double) -> PublishedRow
    {
        PublishedRow(
            label: label, dataset: "imagenet", backbone: backbone, normalization: "bn",
            optimizer: "sgd",
            arms: [PublishedArm("none", ["test_accuracy": PublishedNumber(accuracy)])])
    }
}

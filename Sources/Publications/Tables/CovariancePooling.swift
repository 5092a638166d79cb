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
            images; GC plays no part in them.
            """,
            """
            Parameters and multiply-adds of the published table are of different networks: heads of \
            128 and of 256 channels.
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

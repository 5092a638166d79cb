extension Publication {
    static let imagenet = Publication(
        title: "ImageNet, top-1 error",
        source: "Yong et al., Gradient Centralization, ECCV 2020, table 5",
        metrics: [.testError], selection: .best, margin: 0.2,
        rows: [
            row("R50BN", "resnet50", "bn", 23.71, 23.21),
            row("R50GN", "resnet50", "gn", 24.50, 23.53),
            row("R101BN", "resnet101", "bn", 22.37, 21.82),
            row("R101GN", "resnet101", "gn", 23.34, 22.14),
        ],
        footnotes: [
            """
            The published figures are the best epoch of one run each (seen in the authors' own \
            logs), scored without 80 of the 50,000 validation images.
            """,
            """
            By the same logs the gain with BN would be 0.27 (R50) and 0.05 (R101) points, not 0.50 \
            and 0.55; no log shows the published baselines 23.71 and 22.37.
            """,
        ])

    private static func row(
        _ label: String, _ backbone: String, _ normalization: String, _ off: Double, _ on: Double
    ) -> PublishedRow {
        PublishedRow(
            label: label, dataset: "imagenet", backbone: backbone, normalization: normalization,
            optimizer: "sgd",
            arms: [
                PublishedArm("none", ["test_error": PublishedNumber(off)]),
                PublishedArm("gcc", ["test_error": PublishedNumber(on)]),
            ])
    }
}

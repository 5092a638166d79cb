extension Publication {
    static let miniImagenet = Publication(
        title: "Mini-ImageNet, ResNet-50, test accuracy",
        source: "Yong et al., Gradient Centralization, ECCV 2020, figure 5",
        metrics: [.testAccuracy], selection: .last, margin: 0.3,
        rows: [
            row("R50BN", "bn", 68.1, 71.2),
            row("R50BN+WS", "bn+ws", 70.1, 70.4),
        ],
        footnotes: [
            """
            The published figures were read off a plot at epoch 100 and are good to about ±0.3 \
            points; they are means of ten runs, whose spread was not published.
            """
        ])

    static let cifar100Networks = notObtained(
        title: "CIFAR-100, five networks, test accuracy", table: 1,
        claim: "all five networks improve")

    static let cifar100Optimizers = notObtained(
        title: "CIFAR-100, ResNet-50, five optimizers, test accuracy", table: 2,
        claim: "all five optimizers improve, Adagrad and Adam by more than 0.9 points")

    private static func notObtained(title: String, table: Int, claim: String) -> Publication {
        Publication(
            title: title,
            source: "Yong et al., Gradient Centralization, ECCV 2020, table \(table)",
            metrics: [.testAccuracy], selection: .unknown, margin: 0.3, rows: [],
            footnotes: [
                """
                The numbers of the published table were not obtained (it is known only as an image), \
                so nothing is set beside ours; its text says that \(claim).
                """,
                "Whether the published figures are of the last or the best epoch is not known.",
            ])
    }

    private static func row(
        _ label: String, _ normalization: String, _ off: Double, _ on: Double
    ) -> PublishedRow {
        PublishedRow(
            label: label, dataset: "mini_imagenet", backbone: "resnet50",
            normalization: normalization, optimizer: "sgd",
            arms: [
                PublishedArm("none", ["test_accuracy": PublishedNumber(off, runs: 10)]),
                PublishedArm("gc", ["test_accuracy": PublishedNumber(on, runs: 10)]),
            ])
    }
}

extension Publication {
    static let fineGrained = Publication(
        title: "Fine-grained classification, ResNet-50, test accuracy",
        source: """
            Yong et al., Gradient Centralization, ECCV 2020, table 7; spreads from the history of \
            the authors' README
            """,
        metrics: [.testAccuracy], selection: .unknown, margin: 0.3,
        rows: [
            row("Aircraft", "fgvc_aircraft", (86.62, 0.31), (87.77, 0.27)),
            row("Cars", "stanford_cars", (88.66, 0.22), (90.03, 0.26)),
            row("Dogs", "stanford_dogs", (76.16, 0.25), (78.23, 0.24)),
            row("CUB", "cub200", (82.07, 0.26), (83.40, 0.30)),
        ],
        footnotes: [
            """
            The released script is not the published protocol: batch 128 instead of 256, one \
            learning rate for all layers instead of a tenth for the pretrained ones, and the last \
            partial test batch dropped (5 to 105 images).
            """
        ])

    private static func row(
        _ label: String, _ dataset: String, _ off: (Double, Double), _ on: (Double, Double)
    ) -> PublishedRow {
        PublishedRow(
            label: label, dataset: dataset, backbone: "resnet50", normalization: "bn",
            optimizer: "sgd",
            arms: [
                PublishedArm("none", ["test_accuracy": PublishedNumber(off.0, off.1, runs: 10)]),
                PublishedArm("gc", ["test_accuracy": PublishedNumber(on.0, on.1, runs: 10)]),
            ])
    }
}

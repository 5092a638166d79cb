extension Publication {
    static let market1501 = Publication(
        title: "Market-1501, mAP and rank-1",
        source: "the README of the authors' repository; not in the ECCV paper's abstract",
        metrics: [PublishedMetric("map", "mAP"), PublishedMetric("rank1", "rank-1")],
        selection: .last, margin: 0.3,
        rows: [
            row("R18, Adam", "resnet18", "adam", "none", 77.8, 91.7),
            row("R18, SGD", "resnet18", "sgd", "gcc", 81.3, 92.7),
            row("R50, Adam", "resnet50", "adam", "none", 85.9, 94.5),
            row("R50, SGD", "resnet50", "sgd", "gcc", 86.6, 94.8),
            row("R101, Adam", "resnet101", "adam", "none", 87.1, 94.5),
            row("R101, SGD", "resnet101", "sgd", "gcc", 87.9, 95.0),
        ],
        footnotes: [
            """
            The published comparison changes optimizer, learning rate and weight decay together with \
            GC, so it says nothing about GC alone; the Adam rows are copied from other authors.
            """
        ])

    private static func row(
        _ label: String, _ backbone: String, _ optimizer: String, _ gc: String, _ map: Double,
        _ rank1: Double
    ) -> PublishedRow {
        PublishedRow(
            label: label, dataset: "market1501", backbone: backbone, normalization: "bn",
            optimizer: optimizer,
            arms: [
                PublishedArm(gc, ["map": PublishedNumber(map), "rank1": PublishedNumber(rank1)])
            ])
    }
}

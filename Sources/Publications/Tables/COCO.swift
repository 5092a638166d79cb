extension Publication {
    static let cocoFasterRCNN = Publication(
        title: "COCO val2017, Faster R-CNN with FPN, box AP",
        source: "Yong et al., Gradient Centralization, ECCV 2020, detection table",
        metrics: boxMetrics, selection: .last, margin: 0.3,
        rows: [
            boxes("R50", "resnet50", [36.4, 58.4, 39.1], [37.0, 59.0, 40.2]),
            boxes("R101", "resnet101", [38.5, 60.3, 41.6], [38.9, 60.8, 42.2]),
            boxes("X101-32x4d", "resnext101_32x4d", [40.1, 62.0, 43.8], [40.7, 62.7, 43.9]),
            boxes("X101-64x4d", "resnext101_64x4d", [41.3, 63.3, 45.2], [41.6, 63.8, 45.4]),
        ],
        footnotes: detectionFlaws)

    static let cocoMaskRCNN = Publication(
        title: "COCO val2017, Mask R-CNN with FPN, box and mask AP",
        source: "Yong et al., Gradient Centralization, ECCV 2020, detection table",
        metrics: boxMetrics + maskMetrics, selection: .last, margin: 0.3,
        rows: [
            masks(
                "R50", "resnet50", "bn",
                [37.4, 59.0, 40.6, 34.1, 55.5, 36.1], [37.9, 59.6, 41.2, 34.7, 56.1, 37.0]),
            masks(
                "R101", "resnet101", "bn",
                [39.4, 60.9, 43.3, 35.9, 57.7, 38.4], [40.0, 61.5, 43.7, 36.2, 58.1, 38.7]),
            masks(
                "X101-32x4d", "resnext101_32x4d", "bn",
                [41.1, 62.8, 45.0, 37.1, 59.4, 39.8], [41.6, 63.1, 45.5, 37.4, 59.8, 39.9]),
            masks(
                "X101-64x4d", "resnext101_64x4d", "bn",
                [42.1, 63.8, 46.3, 38.0, 60.6, 40.9], [42.8, 64.5, 46.8, 38.4, 61.0, 41.1]),
            masks(
                "R50 (4 conv 1 FC head)", "resnet50_4conv1fc", "bn",
                [37.5, 58.2, 41.0, 33.9, 55.0, 36.1], [38.4, 59.5, 41.8, 34.6, 55.9, 36.7]),
            masks(
                "R101GN", "resnet101", "gn",
                [41.1, 61.7, 44.9, 36.9, 58.7, 39.3], [41.7, 62.3, 45.3, 37.4, 59.3, 40.3]),
            masks(
                "R50GN+WS", "resnet50", "gn+ws",
                [40.0, 60.7, 43.6, 36.1, 57.8, 38.6], [40.6, 61.3, 43.9, 36.6, 58.2, 39.1]),
        ],
        footnotes: detectionFlaws + [
            "The schedule of the published GN rows is not stated; the code base trains them twice as long."
        ])

    private static let boxMetrics = [
        PublishedMetric("box_ap", "box AP"), PublishedMetric("box_ap50", "box AP.5"),
        PublishedMetric("box_ap75", "box AP.75"),
    ]

    private static let maskMetrics = [
        PublishedMetric("mask_ap", "mask AP"), PublishedMetric("mask_ap50", "mask AP.5"),
        PublishedMetric("mask_ap75", "mask AP.75"),
    ]

    private static let detectionFlaws = [
        """
        Several published rows without GC equal the model zoo of the code base to the digit, so they \
        may be its numbers and not matched runs.
        """,
        "The published figures are of one run each.",
    ]

    private static func boxes(
        _ label: String, _ backbone: String, _ off: [Double], _ on: [Double]
    ) -> PublishedRow {
        row(label, backbone, "bn", boxMetrics, off, on)
    }

    private static func masks(
        _ label: String, _ backbone: String, _ normalization: String, _ off: [Double],
        _ on: [Double]
    ) -> PublishedRow {
        row(label, backbone, normalization, boxMetrics + maskMetrics, off, on)
    }

    private static func row(
        _ label: String, _ backbone: String, _ normalization: String,
        _ metrics: [PublishedMetric], _ off: [Double], _ on: [Double]
    ) -> PublishedRow {
        func arm(_ gc: String, _ values: [Double]) -> PublishedArm {
            let pairs = zip(metrics, values).map { ($0.name, PublishedNumber($1)) }
            return PublishedArm(gc, Dictionary(pairs) { first, _ in first })
        }
        return PublishedRow(
            label: label, dataset: "coco", backbone: backbone, normalization: normalization,
            optimizer: "sgd", arms: [arm("none", off), arm("gc", on)])
    }
}

extension Publication {
    static let kerasHorsesOrHumans = Publication(
        title: "Horses or humans, the Keras example, training accuracy",
        source: "keras-team/keras-io, examples/vision/gradient_centralization",
        metrics: [PublishedMetric("train_accuracy", "training accuracy")],
        selection: .last, margin: 0.3,
        rows: [
            row("ten epochs (published as \"without GC\")", epochs: 10, accuracy: 76.04),
            row("twenty epochs (published as \"with GC\")", epochs: 20, accuracy: 81.54),
        ],
        footnotes: [
            """
            The published comparison is no evidence for GC: its second model goes on training from \
            the first one, so ten epochs are compared with twenty, and the code that should have \
            centralized was never called.
            """,
            """
            The published figures are means over batches of the training set with dropout and \
            augmentation on (73.13 and 83.35 % of the images); the test set was never used. \
            Ours are such means, too (`quirks: [batch_means]`).
            """,
        ])

    /// Both of the example's models were trained without GC.
    private static func row(_ label: String, epochs: Int, accuracy: Double) -> PublishedRow {
        PublishedRow(
            label: label, dataset: "horses_or_humans", backbone: "keras_cnn",
            normalization: "none", optimizer: "rmsprop", epochs: epochs,
            arms: [PublishedArm("none", ["train_accuracy": PublishedNumber(accuracy)])])
    }
}

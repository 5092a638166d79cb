import Datasets
import Tensors

/// The scores of an evaluation, gathered batch by batch.
struct ScoreTable {
    private var scores: [HostTensor] = []
    private var labels: [Int64] = []

    /// - Parameter scores: `[n, classes]`.
    mutating func add(_ scores: HostTensor, labels: HostTensor) {
        self.scores.append(scores)
        self.labels += labels.values(as: Int64.self)
    }

    /// Writes `logits` `[N, classes]` and `labels` `[N]`, both in the order of the data set, and as
    /// metadata the files of the images, a line each, where they have files of their own.
    ///
    /// - Throws: ``SafetensorsError``.
    func write(to path: String, data: EvaluationData) throws(SafetensorsError) {
        guard let first = scores.first else { return }
        let spec = TensorSpec([labels.count, first.shape[1]], first.scalarType)
        try Safetensors.write(
            [
                "logits": HostTensor(spec: spec, bytes: scores.flatMap(\.bytes)),
                "labels": HostTensor(labels, shape: [labels.count]),
            ],
            metadata: [
                "data": data.description,
                "files": labels.indices.compactMap(data.images.fileName).joined(separator: "\n"),
            ].filter { !$0.value.isEmpty }, to: path)
    }
}

import Datasets
import Graphs

/// Sums over an evaluation, or over a batch of it.
struct EvaluationResult {
    private(set) var lossSum = 0.0
    private(set) var top1 = 0.0
    private(set) var top5: Double?
    private(set) var count = 0

    init() {}

    init(meanLoss: Double, top1: Double, top5: Double?, count: Int) {
        lossSum = meanLoss * Double(count)
        self.top1 = top1
        self.top5 = top5
        self.count = count
    }

    mutating func add(_ other: EvaluationResult) {
        lossSum += other.lossSum
        top1 += other.top1
        if let more = other.top5 { top5 = (top5 ?? 0) + more }
        count += other.count
    }

    var meanLoss: Double { lossSum / Double(count) }

    /// Hits in percent.
    var accuracy: Double { 100 * top1 / Double(count) }

    var top5Accuracy: Double? { top5.map { 100 * $0 / Double(count) } }
}

extension Executor where Engine: ~Copyable {
    /// Runs one batch through an evaluation plan for so many images.
    func evaluate(_ batch: Batch, of stock: ImageStock? = nil, plan index: Int) throws
        -> EvaluationResult
    {
        let ports = try EvaluationPorts(plans[index])
        try write(batch.images, of: stock, to: ports.images)
        try write(UnsafeRawBufferPointer(batch.labels), to: ports.labels)
        try run(plan: index)
        return EvaluationResult(
            meanLoss: try number(in: ports.loss), top1: try number(in: ports.top1),
            top5: try ports.top5.map { try number(in: $0) }, count: batch.count)
    }
}

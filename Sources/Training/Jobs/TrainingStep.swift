import Graphs

/// A training step ready to run: its plans in order, and where each takes its inputs.
struct TrainingStep {
    private let runs: [(plan: Int, ports: StepPorts)]
    private let seed: Int

    /// - Parameters:
    ///   - count: the images of the batch, all replicas together.
    ///   - seed: the job's.
    init(_ program: TrainingProgram, batchOf count: Int, seed: Int) throws(PlanningError) {
        guard let plans = program.stepPlans(batchOf: count) else {
            preconditionFailure("no plan trains on \(count) images")
        }
        var runs: [(plan: Int, ports: StepPorts)] = []
        for plan in plans { runs.append((plan, try StepPorts(program.plans[plan]))) }
        self.runs = runs
        self.seed = seed
    }

    /// One update on one batch.
    ///
    /// - Parameters:
    ///   - images: row-major, in the format of the plans; the replicas take equal shares in order.
    ///   - stock: if it is there, `images` are placements of its images.
    ///   - step: the number of updates done before.
    ///   - updates: those of them that the optimizer's state knows of.
    func run<Engine: Backend & ~Copyable>(
        images: UnsafeRawBufferPointer, of stock: ImageStock? = nil,
        labels: UnsafeRawBufferPointer, learningRate: Double, step: Int, updates: Int,
        on executor: borrowing Executor<Engine>
    ) throws(BackendError) -> StepResult {
        var (loss, hits) = (0.0, 0.0)
        for (number, run) in runs.enumerated() {
            let ports = run.ports
            try executor.write(
                images.part(number, of: runs.count), of: stock, to: ports.images)
            try executor.write(labels.part(number, of: runs.count), to: ports.labels)
            try executor.write(
                updates, microBatch: step * runs.count + number, rate: learningRate, seed: seed,
                to: ports)
            try executor.run(plan: run.plan)
            loss += try executor.number(in: ports.loss)
            hits += try executor.number(in: ports.top1)
        }
        let energy = runs.last?.ports.energy
        return StepResult(
            loss: loss / Double(runs.count), hits: hits, learningRate: learningRate,
            removedEnergy: try energy.map { region throws(BackendError) in
                try executor.number(at: 0, in: region)
            } ?? 0,
            wholeEnergy: try energy.map { region throws(BackendError) in
                try executor.number(at: 1, in: region)
            } ?? 0)
    }
}

extension UnsafeRawBufferPointer {
    /// Part `number` of `count` equal ones.
    fileprivate func part(_ number: Int, of count: Int) -> UnsafeRawBufferPointer {
        let size = self.count / count
        return UnsafeRawBufferPointer(rebasing: self[number * size..<(number + 1) * size])
    }
}

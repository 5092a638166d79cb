import Datasets
import Foundation
import Models
import Optimizers
import Records
import Scheduling
import Specifications
import Testing
import Training

@Suite("Which job runs, and when")
struct PlanningTests {
    private func experiment(_ jobs: [JobSpecification]) -> Experiment {
        Experiment(specificationPath: "quick.spec", jobs: jobs)
    }

    private func job(
        backbone: Backbone = .resnet8, mode: GradientCentralizationMode = .none, epochs: Int = 1,
        seed: Int = 0
    ) -> JobSpecification {
        JobSpecification(
            dataset: DatasetSettings(name: .shapes, trainCount: 64, testCount: 16),
            backbone: backbone, stem: .cifar,
            optimizer: OptimizerSettings(learningRate: 0.1, momentum: 0.9, weightDecay: 0),
            gradientCentralization: mode, epochs: epochs, batchSize: 8, evaluationBatchSize: 8,
            seed: seed)
    }

    private func prepared(_ jobs: [JobSpecification]) throws -> [PreparedJob] {
        var preparation = JobPreparation(
            PreparationOptions(
                dataRoots: [:], environment: [:], needsData: true, backend: nil, overrides: [],
                arguments: []))
        return try preparation.prepare(experiment(jobs))
    }

    @Test("Interrupted jobs come first, then one of each kind, then the others; cheap ones first")
    func order() throws {
        let specifications = [
            job(epochs: 9), job(epochs: 2), job(epochs: 2, seed: 1), job(mode: .gc, epochs: 3),
            job(mode: .gc, epochs: 3, seed: 1), job(epochs: 2, seed: 2),
        ]
        let survey = JobSurvey(parameters: 1, multiplyAdds: 10, arenaByteCount: 1)
        let jobs = try prepared(specifications).map { ScheduledJob($0, survey, threads: 1) }
        let ordered = jobs.ordered(continuing: [jobs[5].job.id])
        #expect(ordered.map { jobs.firstIndex(of: $0) } == [5, 1, 3, 2, 4, 0])
    }

    @Test("A plan says which field differs from the finished job that is most like it")
    func explanation() throws {
        let store = try Store.open(
            path: FileManager.default.temporaryDirectory
                .appendingPathComponent("gc-bench-explain-\(UUID().uuidString)/s.sqlite").path)
        let done = try prepared([job(), job(mode: .gc, epochs: 5)])
        try store.register(done.map { try $0.row() })
        for job in done {
            guard case .claimed(let claim) = try store.claim(job.id) else { continue }
            try store.finish(claim, JobCompletion(.finished))
        }
        let explainer = JobExplainer(try store.jobs())
        let asked = try prepared([job(), job(mode: .gc, epochs: 6, seed: 0), job(seed: 4)])
        guard case .done(.finished, _) = explainer.explain(asked[0]) else {
            Issue.record("the finished job is not done")
            return
        }
        #expect(
            explainer.explain(asked[1])
                == .new(
                    nearest: done[1].id,
                    differences: [.init(field: "epochs", here: "6", there: "5")]))
        #expect(
            explainer.explain(asked[2])
                == .new(
                    nearest: done[0].id, differences: [.init(field: "seed", here: "4", there: "0")])
        )
        #expect(JobExplainer([]).explain(asked[0]) == .new(nearest: nil, differences: []))
    }
}

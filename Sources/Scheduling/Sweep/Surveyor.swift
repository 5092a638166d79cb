import Specifications
public import SystemPackage
public import Training

/// Plans jobs in a worker process, since only workers load the compute libraries; jobs that have
/// the same plans are planned once.
public struct Surveyor: Sendable {
    private let workerExecutable: FilePath

    public init(workerExecutable: FilePath) { self.workerExecutable = workerExecutable }

    /// What planning tells of each job, in order.
    ///
    /// - Throws: ``WorkerFailure`` when the worker dies.
    public func survey(_ jobs: [PreparedJob]) async throws -> [JobSurvey] {
        let kinds = kinds(of: jobs)
        var (surveys, distinct): ([Kind: JobSurvey], Set<Kind>) = ([:], [])
        for (index, kind) in kinds.enumerated() where index == 0 || kind != kinds[index - 1] {
            distinct.insert(kind)
        }
        for backend in BackendName.allCases {
            let order = distinct.filter { $0.backend == backend }
            guard !order.isEmpty else { continue }
            let answers = try await askUntilAnswered(order.map(\.specification), backend)
            for (kind, survey) in zip(order, answers) { surveys[kind] = survey }
        }
        var last: (kind: Kind, survey: JobSurvey)?
        return kinds.map { kind in
            if let last, last.kind == kind { return last.survey }
            let survey =
                surveys[kind]
                ?? JobSurvey(
                    parameters: 0, multiplyAdds: 0, arenaByteCount: 0, problem: "was not planned")
            last = (kind, survey)
            return survey
        }
    }

    /// Neighbours mostly differ in the seed alone, and comparing is cheaper than hashing.
    private func kinds(of jobs: [PreparedJob]) -> [Kind] {
        var last: (job: PreparedJob, kind: Kind)?
        return jobs.map { job in
            if let last, last.job.cell == job.cell { return last.kind }
            let kind = Kind(specification: job.specification.planKey, backend: job.backend)
            last = (job, kind)
            return kind
        }
    }

    private struct Kind: Hashable {
        let specification: JobSpecification
        let backend: BackendName
    }

    /// A worker that is killed has planned nothing wrong; another is asked.
    private func askUntilAnswered(_ specifications: [JobSpecification], _ backend: BackendName)
        async throws -> [JobSurvey]
    {
        for _ in 1..<Self.attemptCount {
            do {
                return try await ask(specifications, backend)
            } catch let failure as WorkerFailure where failure.isCrash {
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        return try await ask(specifications, backend)
    }

    private static let attemptCount = 20

    private func ask(_ specifications: [JobSpecification], _ backend: BackendName) async throws
        -> [JobSurvey]
    {
        let threads = ComputeResources.current().coreCount
        let worker = WorkerProcess(
            executable: workerExecutable,
            environment: ComputeResources.workerEnvironment(threads: threads))
        return try await worker.answer(
            .survey(
                SurveyRequest(specifications: specifications, backend: backend, threads: threads))
        ) { reply in
            if case .surveys(let surveys) = reply { surveys } else { nil }
        }
    }
}

extension WorkerProcess {
    /// Runs a request that has one answer.
    public func answer<Answer: Sendable>(
        _ request: WorkerRequest, _ read: @Sendable (WorkerReply) -> Answer?
    ) async throws -> Answer {
        let box = Box<Answer>()
        try await run(request) { reply in
            if let answer = read(reply) { await box.set(answer) }
        }
        guard let answer = await box.value else {
            throw WorkerFailure.died(how: "ended without an answer", standardError: "")
        }
        return answer
    }
}

/// A value that a reply brings.
actor Box<Value: Sendable> {
    private(set) var value: Value?

    func set(_ value: Value) { self.value = value }
}

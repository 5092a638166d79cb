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
        let kinds = jobs.map { Kind(specification: $0.specification.planKey, backend: $0.backend) }
        var surveys: [Kind: JobSurvey] = [:]
        for backend in BackendName.allCases {
            let wanted = Set(kinds.lazy.filter { $0.backend == backend })
            guard !wanted.isEmpty else { continue }
            let order = Array(wanted)
            let answers = try await ask(order.map(\.specification), backend)
            for (kind, survey) in zip(order, answers) { surveys[kind] = survey }
        }
        return kinds.map { kind in
            surveys[kind]
                ?? JobSurvey(
                    parameters: 0, multiplyAdds: 0, arenaByteCount: 0, problem: "was not planned")
        }
    }

    private struct Kind: Hashable {
        let specification: JobSpecification
        let backend: BackendName
    }

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

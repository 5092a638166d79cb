import CCUDA

/// Looks for the engine that runs an operation graph: the first that the library's heuristics
/// name and that may be taken.
struct EngineSearch {
    let library: CUDNN
    let options: CUDAOptions
    /// Whether the operands are bfloat16, so that tensor cores lose nothing.
    let isNarrow: Bool
    let workspaceByteCount: Int

    private static let mostCandidates = 64

    /// Throws where no engine may be taken.
    func plan(of graph: CUDNNDescriptor) throws(CUDAFailure)
        -> (plan: CUDNNDescriptor, engine: Int)
    {
        var count = 0
        for mode in [GCB_CUDNN_HEURISTIC_BEST, GCB_CUDNN_HEURISTIC_FALLBACK] {
            for candidate in try candidates(of: graph, mode) {
                if let plan = self.plan(candidate) { return plan }
                count += 1
            }
        }
        throw CUDAFailure(
            library: "cuDNN", action: "find an engine",
            status: "none of its \(count) is precise, repeatable and small enough")
    }

    private func candidates(of graph: CUDNNDescriptor, _ mode: Int) throws(CUDAFailure)
        -> [CUDNNDescriptor]
    {
        let heuristic = try CUDNNDescriptor(GCB_CUDNN_ENGINE_HEURISTIC, library)
        try heuristic.set(GCB_CUDNN_HEURISTIC_GRAPH, descriptor: graph)
        try heuristic.set(
            GCB_CUDNN_HEURISTIC_MODE, GCB_CUDNN_TYPE_HEURISTIC_MODE, choice: mode)
        try heuristic.finalize()
        var configurations: [CUDNNDescriptor] = []
        for _ in 0..<Self.mostCandidates {
            configurations.append(try CUDNNDescriptor(GCB_CUDNN_ENGINE_CONFIGURATION, library))
        }
        return try heuristic.fill(configurations, with: GCB_CUDNN_HEURISTIC_RESULTS)
    }

    /// The execution plan of a configuration that may be taken and that works.
    private func plan(_ configuration: CUDNNDescriptor)
        -> (plan: CUDNNDescriptor, engine: Int)?
    {
        do throws(CUDAFailure) {
            let engine = try CUDNNDescriptor(GCB_CUDNN_ENGINE, library)
            guard
                let engine = try configuration.fill(
                    [engine], with: GCB_CUDNN_CONFIGURATION_ENGINE
                ).first, isAllowed(try notes(of: engine))
            else { return nil }
            let plan = try CUDNNDescriptor(GCB_CUDNN_EXECUTION_PLAN, library)
            try plan.set(GCB_CUDNN_PLAN_HANDLE, handle: library.handle)
            try plan.set(GCB_CUDNN_PLAN_CONFIGURATION, descriptor: configuration)
            try plan.finalize()
            guard try plan.integer(GCB_CUDNN_PLAN_WORKSPACE) <= workspaceByteCount else {
                return nil
            }
            return (plan, try engine.integer(GCB_CUDNN_ENGINE_NUMBER))
        } catch {
            // Heuristics name engines that then turn out not to support the problem.
            return nil
        }
    }

    private func notes(of engine: CUDNNDescriptor) throws(CUDAFailure) -> Set<Int> {
        let notes = try engine.choices(
            GCB_CUDNN_ENGINE_NOTES, GCB_CUDNN_TYPE_NUMERICAL_NOTE, atMost: GCB_CUDNN_NOTE_COUNT)
        return Set(notes.map(Int.init))
    }

    /// Sums in one order unless speed was asked for; of float32 numbers all digits unless TF32
    /// was asked for; sums of any number in float32.
    private func isAllowed(_ notes: Set<Int>) -> Bool {
        if !options.isFast && notes.contains(GCB_CUDNN_NOTE_NONDETERMINISTIC) { return false }
        if notes.contains(GCB_CUDNN_NOTE_NARROW_REDUCTION) { return false }
        let isCoarse =
            notes.contains(GCB_CUDNN_NOTE_TENSOR_CORE)
            || notes.contains(GCB_CUDNN_NOTE_NARROWS_INPUTS)
        return isNarrow || options.allowsTF32 || !isCoarse
    }
}

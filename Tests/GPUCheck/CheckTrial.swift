import CUDABackend
import ConformanceCases
import Graphs
import ReferenceBackend
import Tensors

/// A conformance case on a GPU in one way, to be compared with the reference.
struct CheckTrial {
    enum Way: String, CaseIterable {
        case float32
        case bfloat16
        /// The plan's kernels one by one, in the place of the recorded graph: no bit may change.
        case uncaptured
        /// Twice: no bit may change.
        case repeated
    }

    let testCase: ConformanceCase
    let way: Way

    var name: String { "\(way.rawValue) \(testCase.name)" }

    /// Single operations first: what is wrong shows where it is small.
    static let all: [CheckTrial] = {
        let pairs = ConformanceCase.all.flatMap { testCase in
            [Way.float32, .bfloat16].map { CheckTrial(testCase: testCase, way: $0) }
        }
        let networks = ConformanceCase.networks.flatMap { testCase in
            [Way.uncaptured, .repeated].map { CheckTrial(testCase: testCase, way: $0) }
        }
        return pairs + networks
    }()

    /// `ok`, or what does not hold.
    func verdict(_ libraries: CUDALibraries) -> String {
        do {
            let problems =
                switch way {
                case .float32: try mismatches(.float32, libraries)
                case .bfloat16: try mismatches(.bfloat16, libraries)
                case .uncaptured:
                    try difference(libraries, CUDAOptions(), CUDAOptions(captures: false))
                case .repeated: try difference(libraries, CUDAOptions(), CUDAOptions())
                }
            return problems.isEmpty ? "ok" : "FAILED \(problems.joined(separator: "; "))"
        } catch { return "FAILED \(error)" }
    }

    private func outcome(
        _ precision: Precision, _ libraries: CUDALibraries, _ options: CUDAOptions = CUDAOptions()
    ) throws -> Outcome {
        try testCase.outcome(
            on: try CUDABackend(libraries, options: options), target: CUDATarget(),
            precision: precision)
    }

    /// As the tests of the other backends compare: with double precision, or a network in bfloat16
    /// with the reference in bfloat16.
    private func mismatches(_ precision: Precision, _ libraries: CUDALibraries) throws -> [String] {
        let rounds = precision == .bfloat16 && testCase.tolerance == .network
        let plan = PlanOptions(sharing: .disabled, fuses: rounds)
        let oracle =
            rounds
            ? try testCase.outcome(
                on: ReferenceBackend<Float>(), target: ReferenceTarget(), precision: .bfloat16,
                options: plan)
            : try testCase.outcome(
                on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
                rounding: precision.activations, options: plan)
        return try outcome(precision, libraries)
            .mismatches(with: oracle, testCase.tolerance, precision).map(\.description)
    }

    private func difference(
        _ libraries: CUDALibraries, _ one: CUDAOptions, _ other: CUDAOptions
    ) throws -> [String] {
        let same =
            try outcome(.bfloat16, libraries, one) == outcome(.bfloat16, libraries, other)
        return same ? [] : ["bits differ"]
    }
}

import CPUBackend
import ConformanceCases
import Graphs
import ReferenceBackend
import Tensors

/// The backends that must agree with the reference in double precision. A new one is one line.
struct BackendUnderTest: Sendable, CustomStringConvertible {
    static let all = [
        BackendUnderTest("reference float32", .float32, ReferenceTarget()) {
            ReferenceBackend<Float>()
        },
        BackendUnderTest("cpu float32", .float32, CPUTarget(threads: 2)) {
            try CPUBackend(threads: 2)
        },
        BackendUnderTest("cpu bfloat16", .bfloat16, CPUTarget(threads: 2)) {
            try CPUBackend(threads: 2)
        },
    ]

    let name: String
    let precision: Precision
    private let run: @Sendable (ConformanceCase, PlanOptions) throws -> Outcome

    init<Engine: Backend & ~Copyable & SendableMetatype>(
        _ name: String, _ precision: Precision, _ target: any Target,
        _ make: @escaping @Sendable () throws -> Engine
    ) {
        self.name = name
        self.precision = precision
        run = { testCase, options in
            try testCase.outcome(
                on: try make(), target: target, precision: precision, options: options)
        }
    }

    var description: String { name }

    func outcome(of testCase: ConformanceCase, _ options: PlanOptions = PlanOptions()) throws
        -> Outcome
    { try run(testCase, options) }

    /// What the reference makes of the same numbers in double precision, node by node.
    func oracle(of testCase: ConformanceCase, observed: [String] = []) throws -> Outcome {
        try testCase.outcome(
            on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
            rounding: precision.activations,
            options: PlanOptions(sharing: .disabled, fuses: false, observed: observed))
    }
}

import CPUBackend
import CUDABackend
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
        BackendUnderTest("reference bfloat16", .bfloat16, ReferenceTarget()) {
            ReferenceBackend<Float>()
        },
        BackendUnderTest("cpu float32", .float32, CPUTarget(threads: 2)) {
            try CPUBackend(threads: 2)
        },
        BackendUnderTest("cpu bfloat16", .bfloat16, CPUTarget(threads: 2)) {
            try CPUBackend(threads: 2)
        },
        BackendUnderTest("emulated cuda float32", .float32, CUDATarget()) {
            try CUDABackend(EmulatedGPU.libraries)
        },
        BackendUnderTest("emulated cuda bfloat16", .bfloat16, CUDATarget()) {
            try CUDABackend(EmulatedGPU.libraries)
        },
    ]

    let name: String
    let precision: Precision
    private let target: any Target
    private let run: @Sendable (ConformanceCase, PlanOptions) throws -> Outcome

    init<Engine: Backend & ~Copyable & SendableMetatype>(
        _ name: String, _ precision: Precision, _ target: any Target,
        _ make: @escaping @Sendable () throws -> Engine
    ) {
        self.name = name
        self.precision = precision
        self.target = target
        run = { testCase, options in
            try testCase.outcome(
                on: try make(), target: target, precision: precision, options: options)
        }
    }

    var description: String { name }

    func outcome(of testCase: ConformanceCase, _ options: PlanOptions = PlanOptions()) throws
        -> Outcome
    { try run(testCase, options) }

    /// What the reference makes of the same numbers, every value in memory of its own: in double
    /// precision, node by node.
    ///
    /// A network in bfloat16 rounds so often that double precision would say little of it. Its
    /// oracle is the reference in bfloat16, which the cases of single operations hold to double
    /// precision, with the same nodes fused: the same roundings in the same places.
    func oracle(of testCase: ConformanceCase, _ options: PlanOptions = PlanOptions()) throws
        -> Outcome
    {
        let rounds = precision == .bfloat16 && testCase.tolerance == .network
        let options = PlanOptions(
            sharing: .disabled, fuses: rounds && options.fuses, observed: options.observed)
        guard rounds else {
            return try testCase.outcome(
                on: ReferenceBackend<Double>(), target: ReferenceTarget(), precision: .float64,
                rounding: precision.activations, options: options)
        }
        return try testCase.outcome(
            on: ReferenceBackend<Float>(), target: ReferenceTarget(), precision: .bfloat16,
            options: options)
    }
}

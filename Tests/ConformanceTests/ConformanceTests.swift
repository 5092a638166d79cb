import ConformanceCases
import Graphs
import Tensors
import Testing

@Suite("Conformance of backends")
struct ConformanceTests {
    /// Oracle: the reference backend in double precision, which the goldens and the finite
    /// differences of GraphTests hold.
    @Test(
        "Every backend computes what the reference defines", arguments: ConformanceCase.all,
        BackendUnderTest.all)
    func agrees(testCase: ConformanceCase, backend: BackendUnderTest) throws {
        let mismatches = try backend.outcome(of: testCase).mismatches(
            with: backend.oracle(of: testCase), testCase.tolerance, backend.precision)
        #expect(mismatches.isEmpty)
    }

    @Test(
        "Fused and unfused plans of a network both compute what the reference defines",
        arguments: ConformanceCase.networks, BackendUnderTest.all)
    func fusion(testCase: ConformanceCase, backend: BackendUnderTest) throws {
        for options in [PlanOptions(fuses: true), PlanOptions(fuses: false)] {
            let mismatches = try backend.outcome(of: testCase, options).mismatches(
                with: backend.oracle(of: testCase, options), testCase.tolerance,
                backend.precision)
            #expect(mismatches.isEmpty, "fuses \(options.fuses)")
        }
    }

    @Test(
        "Sharing memory changes no bit of a network's training",
        arguments: ConformanceCase.networks, BackendUnderTest.all)
    func sharing(testCase: ConformanceCase, backend: BackendUnderTest) throws {
        for fuses in [true, false] {
            let shared = try backend.outcome(
                of: testCase, PlanOptions(sharing: .enabled, fuses: fuses))
            let apart = try backend.outcome(
                of: testCase, PlanOptions(sharing: .disabled, fuses: fuses))
            #expect(shared == apart)
        }
    }

    @Test("Running a network twice gives the same bits", arguments: BackendUnderTest.all)
    func repeats(backend: BackendUnderTest) throws {
        for testCase in ConformanceCase.networks {
            #expect(try backend.outcome(of: testCase) == backend.outcome(of: testCase))
        }
    }

    @Test(
        "Any scope of a network can be read", arguments: ConformanceCase.networks,
        BackendUnderTest.all)
    func observation(testCase: ConformanceCase, backend: BackendUnderTest) throws {
        let scopes = Set(try testCase.graph(.float32).intermediates.map(\.name)).sorted()
        let options = PlanOptions(observed: scopes)
        let observed = try backend.outcome(of: testCase, options)
        let oracle = try backend.oracle(of: testCase, options)
        #expect(scopes.count > 10 && scopes.allSatisfy { observed[$0] != nil })
        #expect(observed.mismatches(with: oracle, testCase.tolerance, backend.precision).isEmpty)
    }

    @Test("A result that is off is told from one that is right")
    func sensitivity() throws {
        let oracle = try BackendUnderTest.all[0].oracle(of: ConformanceCase.networks[0])
        let other = try BackendUnderTest.all[0].oracle(of: ConformanceCase.networks[1])
        #expect(oracle.mismatches(with: oracle, .exact, .float64).isEmpty)
        let names = Set(other.mismatches(with: oracle, .network, .float32).map(\.name))
        #expect(names.contains("conv1.weight") && names.contains("fc.weight"))
    }
}

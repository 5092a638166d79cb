import CKernels
import Testing

/// The C kernels against their formulas in double precision.
@Suite("Kernels")
struct KernelTests {
    /// A clone of the kernels and a number of threads.
    struct Machine: CustomTestStringConvertible, Sendable {
        let isa: gcb_isa
        let threads: Int32

        /// Every clone this processor can run, on one thread and on two.
        static let all: [Machine] = [
            gcb_isa_baseline, gcb_isa_avx2, gcb_isa_avx512, gcb_isa_avx512_bf16,
        ]
        .filter { $0.rawValue <= gcb_best_isa().rawValue }
        .flatMap { isa in [1, 2].map { Machine(isa: isa, threads: $0) } }

        var testDescription: String { "clone \(isa.rawValue), \(threads) threads" }

        /// Runs `body` with this clone. The choice belongs to the thread and is undone at the end.
        func run(_ body: () throws -> Void) rethrows {
            #expect(gcb_select_isa(isa) == isa)
            defer { gcb_select_isa(gcb_isa_avx512_bf16) }
            try body()
        }
    }

    @Test("Every part of a parallel job runs exactly once, also with more parts than cores")
    func partsRunOnce() {
        var counts = [Int32](repeating: 0, count: 7)
        counts.withUnsafeMutableBufferPointer { counts in
            gcb_parallel(
                7,
                { context, part, parts in
                    let counts = context?.assumingMemoryBound(to: Int32.self)
                    counts?[Int(part)] += parts
                }, counts.baseAddress)
        }
        #expect(counts == Array(repeating: 7, count: 7))
    }

    @Test("Every part runs exactly once, also where the system grants a single thread")
    func partsRunOnceInside() {
        // Inside a part there is no pool: the inner job gets one thread for its five parts.
        var counts = [Int32](repeating: 0, count: 5)
        counts.withUnsafeMutableBufferPointer { counts in
            gcb_parallel(
                2,
                { context, part, _ in
                    guard part == 0 else { return }
                    gcb_parallel(
                        5,
                        { context, part, _ in
                            context?.assumingMemoryBound(to: Int32.self)[Int(part)] += 1
                        }, context)
                }, counts.baseAddress)
        }
        #expect(counts == Array(repeating: 1, count: 5))
    }

    @Test("A clone that the processor lacks is never selected")
    func selectionIsBounded() {
        #expect(gcb_select_isa(gcb_isa_avx512_bf16) == gcb_best_isa())
        #expect(gcb_selected_isa() == gcb_best_isa())
    }
}

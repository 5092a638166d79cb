import CKernels
import Testing

extension KernelTests {
    @Suite("Update")
    struct Update {
        /// A weight `[outputs, fan-in]` in one of the layouts that `gcb_slices` describes.
        struct Slices: CustomTestStringConvertible, Sendable {
            let outputs: Int
            let fanIn: Int
            let lanes: Int
            let run: Int

            var testDescription: String { "[\(outputs), \(fanIn)], lanes \(lanes), run \(run)" }

            private var chunkCount: Int { (outputs + lanes - 1) / lanes }
            private var chunk: Int { fanIn * lanes }

            var slices: gcb_slices {
                gcb_slices(
                    chunks: Int64(chunkCount), chunk: Int64(chunk), lanes: Int64(lanes),
                    run: Int64(run))
            }

            func stored(_ values: [Double]) -> [Float] {
                var memory = [Float](repeating: 0, count: chunkCount * chunk)
                for (index, value) in values.enumerated() { memory[offset(index)] = Float(value) }
                return memory
            }

            func logical(_ memory: [Float]) -> [Double] {
                (0..<outputs * fanIn).map { Double(memory[offset($0)]) }
            }

            private func offset(_ index: Int) -> Int {
                let (output, input) = (index / fanIn, index % fanIn)
                return output / lanes * chunk + input / run * run * lanes
                    + output % lanes * run + input % run
            }

            static let all = [
                (10, 512, 1, 1), (3, 27, 1, 1), (7, 1, 1, 1), (48, 27, 16, 1), (20, 75, 16, 1),
                (32, 576, 16, 1), (24, 72, 8, 1), (32, 144, 16, 16), (16, 64, 16, 2),
                (64, 36, 64, 1), (40, 16, 8, 8),
                // Outputs that repeat too rarely for a pattern.
                (17, 48, 17, 1), (3, 144, 3, 9), (1030, 24, 1030, 1),
            ].map { Slices(outputs: $0.0, fanIn: $0.1, lanes: $0.2, run: $0.3) }
        }

        /// Weight, gradient and moment; a block in cache; a stretch of workspace.
        private enum Slot: Int32, CaseIterable {
            case weight, gradient, moment, block, stretch

            var kind: gcb_slot_kind {
                switch self {
                case .weight, .gradient, .moment: gcb_slot_memory
                case .block: gcb_slot_block
                case .stretch: gcb_slot_stretch
                }
            }
        }

        private static func step(
            _ kind: gcb_update_kind, _ y: Slot, _ a: Slot, _ b: Slot, _ c: Slot = .weight,
            alpha: Float = 1, beta: Float = 0, inner: Float = 0, outer: Float = 0
        ) -> gcb_update_step {
            gcb_update_step(
                kind: kind, y: y.rawValue, a: a.rawValue, b: b.rawValue, c: c.rawValue,
                alpha: gcb_factor(constant: alpha, scalar: nil),
                beta: gcb_factor(constant: beta, scalar: nil), inner: inner, outer: outer)
        }

        /// Runs steps over weight, gradient and moment; returns their content and the energies.
        ///
        /// - Parameter before: the steps before the stretch is centralized; nil for none.
        private static func run(
            _ steps: [gcb_update_step], before: Int? = nil, _ slices: Slices, _ machine: Machine,
            _ tensors: [[Double]]
        ) -> (tensors: [[Double]], energies: [Double]) {
            let memory = tensors.map { buffer(slices.stored($0)) }
            let slots = buffer(
                Slot.allCases.map { slot in
                    gcb_slot(
                        kind: slot.kind, index: 0,
                        memory: slot.kind == gcb_slot_memory
                            ? memory[Int(slot.rawValue)].baseAddress : nil)
                })
            let program = buffer(steps)
            var description = slices.slices
            let byteCount = gcb_update_workspace(
                &description, before != nil, 1, machine.threads)
            let workspace = buffer([UInt8](repeating: 0xFF, count: byteCount + 1))
            defer {
                memory.forEach { $0.deallocate() }
                slots.deallocate()
                program.deallocate()
                workspace.deallocate()
            }
            var update = gcb_update(
                steps: program.baseAddress, step_count: Int32(steps.count),
                slots: slots.baseAddress, slot_count: Int32(slots.count),
                centralizes: before != nil, before: Int32(before ?? 0),
                centralized: Slot.stretch.rawValue, slices: slices.slices,
                threads: machine.threads, workspace: workspace.baseAddress)
            var energies: [Float] = [0, 0]
            gcb_update_run(&update, &energies)
            return (memory.map { slices.logical(Array($0)) }, energies.map(Double.init))
        }

        private static func buffer<Element>(_ elements: [Element])
            -> UnsafeMutableBufferPointer<Element>
        {
            let buffer = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
            _ = buffer.initialize(from: elements)
            return buffer
        }

        private func numbers(_ slices: Slices) -> [[Double]] {
            (10...12).map { randomNumbers(slices.outputs * slices.fanIn, seed: $0) }
        }

        @Test("Every step without centralization is its formula", arguments: Slices.all)
        func steps(_ slices: Slices) {
            let start = numbers(slices)
            let steps = [
                Self.step(gcb_update_sum, .block, .gradient, .weight, beta: 0.0625),
                Self.step(
                    gcb_update_product, .moment, .block, .block, .moment, alpha: 0.5, beta: 2),
                Self.step(gcb_update_maximum, .moment, .moment, .block),
                Self.step(
                    gcb_update_ratio, .block, .block, .moment, alpha: 3, beta: 0.5, inner: 0.25,
                    outer: 0.125),
                Self.step(gcb_update_scaled, .block, .block, .block, alpha: 0.5),
                Self.step(gcb_update_sum, .weight, .weight, .block, beta: -0.125),
            ]
            let moments = start[0].indices.map { i in
                let u = start[1][i] + 0.0625 * start[0][i]
                return max(0.5 * u * u + 2 * start[2][i], u)
            }
            let weights = start[0].indices.map { i in
                let u = start[1][i] + 0.0625 * start[0][i]
                let root = (max(moments[i], 0) + 0.25).squareRoot()
                return start[0][i] - 0.125 * 0.5 * 3 * u / (0.5 * root + 0.125)
            }
            for machine in Machine.all {
                machine.run {
                    let (result, _) = Self.run(steps, slices, machine, start)
                    #expect(distance(result[0], weights) < 1e-6, "\(machine)")
                    #expect(distance(result[2], moments) < 1e-6, "\(machine)")
                    #expect(distance(result[1], start[1]) < 1e-7)
                }
            }
        }

        @Test("One pass equals decay, centralization, momentum and descent", arguments: Slices.all)
        func centralizedDescent(_ slices: Slices) {
            let start = numbers(slices)
            let steps = [
                Self.step(gcb_update_sum, .stretch, .gradient, .weight, beta: 0.0625),
                Self.step(
                    gcb_update_centralized, .moment, .moment, .stretch, alpha: 0.5, beta: 0.75),
                Self.step(gcb_update_sum, .weight, .weight, .moment, beta: -0.125),
            ]
            let u = start[0].indices.map { start[1][$0] + 0.0625 * start[0][$0] }
            let (centralized, energies) = self.centralized(u, slices)
            let moments = u.indices.map { 0.5 * start[2][$0] + 0.75 * centralized[$0] }
            let weights = u.indices.map { start[0][$0] - 0.125 * moments[$0] }
            for machine in Machine.all {
                machine.run {
                    let result = Self.run(steps, before: 1, slices, machine, start)
                    #expect(distance(result.tensors[0], weights) < 1e-6, "\(machine)")
                    #expect(distance(result.tensors[2], moments) < 1e-6, "\(machine)")
                    #expect(distance(result.energies, energies) < 1e-5, "\(machine)")
                }
            }
        }

        private func centralized(_ u: [Double], _ slices: Slices) -> ([Double], [Double]) {
            var (centralized, energies) = (u, [0, u.reduce(0) { $0 + $1 * $1 }])
            for output in 0..<slices.outputs {
                let slice = output * slices.fanIn..<(output + 1) * slices.fanIn
                let mean = u[slice].reduce(0, +) / Double(slices.fanIn)
                for index in slice { centralized[index] -= mean }
                energies[0] += Double(slices.fanIn) * mean * mean
            }
            return (centralized, energies)
        }

        @Test("Centralizing alone leaves no mean, and twice equals once", arguments: Slices.all)
        func projection(_ slices: Slices) {
            let start = numbers(slices)
            let steps = [
                Self.step(gcb_update_scaled, .stretch, .gradient, .gradient),
                Self.step(
                    gcb_update_centralized, .gradient, .stretch, .stretch, alpha: 0, beta: 1),
            ]
            for machine in Machine.all {
                machine.run {
                    let once = Self.run(steps, before: 1, slices, machine, start)
                    for output in 0..<slices.outputs {
                        let slice = output * slices.fanIn..<(output + 1) * slices.fanIn
                        let mean =
                            once.tensors[1][slice].reduce(0, +) / Double(slices.fanIn)
                        #expect(abs(mean) < 1e-6)
                    }
                    let twice = Self.run(steps, before: 1, slices, machine, once.tensors)
                    #expect(distance(twice.tensors[1], once.tensors[1]) < 1e-6)
                    #expect(twice.energies[0] < 1e-9)
                }
            }
        }

        @Test("A squared norm is the sum of squares", arguments: [1, 63, 64, 1_025, 40_003])
        func norm(count: Int) {
            let numbers = randomNumbers(count, seed: 5)
            let expected = numbers.reduce(0) { $0 + $1 * $1 }
            for machine in Machine.all {
                machine.run {
                    let norm = gcb_squared_norm(
                        numbers.map(Float.init), Int64(count), machine.threads)
                    #expect(abs(Double(norm) - expected) < 1e-5 * expected)
                }
            }
        }
    }
}

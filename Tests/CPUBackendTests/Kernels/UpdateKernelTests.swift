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

        /// One step of the definition in double precision.
        struct Formula {
            var weight: [Double]
            var buffer: [Double]
            var energies = [0.0, 0.0]

            init(
                _ slices: Slices, _ rule: gcb_update, gradient: [Double], rate: Double, step: Int
            ) {
                weight = randomNumbers(gradient.count, seed: 11)
                buffer = randomNumbers(gradient.count, seed: 12)
                let (decay, momentum) = (Double(rule.weight_decay), Double(rule.momentum))
                var u = gradient.indices.map { gradient[$0] + decay * weight[$0] }
                if rule.centralizes {
                    energies[1] = u.reduce(0) { $0 + $1 * $1 }
                    for output in 0..<slices.outputs {
                        let slice = output * slices.fanIn..<(output + 1) * slices.fanIn
                        let mean = u[slice].reduce(0, +) / Double(slices.fanIn)
                        for index in slice { u[index] -= mean }
                        energies[0] += Double(slices.fanIn) * mean * mean
                    }
                }
                for index in u.indices {
                    var direction = u[index]
                    if rule.has_momentum {
                        buffer[index] =
                            step == 0
                            ? u[index]
                            : momentum * buffer[index] + (1 - Double(rule.dampening)) * u[index]
                        direction =
                            rule.is_nesterov
                            ? u[index] + momentum * buffer[index] : buffer[index]
                    }
                    weight[index] -= rate * direction
                }
            }
        }

        static let rules: [gcb_update] = [
            rule(momentum: nil), rule(momentum: 0.9), rule(momentum: 0.9, isNesterov: true),
            rule(momentum: 0.5, dampening: 0.25),
        ]

        static func rule(momentum: Float?, dampening: Float = 0, isNesterov: Bool = false)
            -> gcb_update
        {
            gcb_update(
                weight_decay: 0.0625, momentum: momentum ?? 0, dampening: dampening,
                has_momentum: momentum != nil, is_nesterov: isNesterov, centralizes: false,
                slices: gcb_slices(), threads: 1)
        }

        @Test("One pass equals decay, centralization, momentum and descent", arguments: Slices.all)
        func update(_ slices: Slices) {
            let gradient = randomNumbers(slices.outputs * slices.fanIn, seed: 10)
            for machine in Machine.all {
                machine.run {
                    for (rule, centralizes, step) in combinations {
                        var rule = rule
                        rule.centralizes = centralizes
                        rule.slices = slices.slices
                        rule.threads = machine.threads
                        let start = Formula(slices, rule, gradient: gradient, rate: 0, step: 1)
                        let expected = Formula(
                            slices, rule, gradient: gradient, rate: 0.125, step: step)
                        var weight = slices.stored(start.weight)
                        // The first step must not read what the buffer holds.
                        var buffer = slices.stored(
                            step == 0
                                ? gradient.map { _ in .nan }
                                : randomNumbers(gradient.count, seed: 12))
                        var energies = [Float](repeating: 0, count: 2)
                        gcb_update_run(
                            &rule, &weight, slices.stored(gradient), &buffer, [0.125],
                            [Float(step)],
                            &energies)
                        #expect(
                            distance(slices.logical(weight), expected.weight) < 1e-6, "\(machine)")
                        if rule.has_momentum {
                            #expect(distance(slices.logical(buffer), expected.buffer) < 1e-6)
                        }
                        #expect(distance(energies.map(Double.init), expected.energies) < 1e-5)
                    }
                }
            }
        }

        private var combinations: [(gcb_update, Bool, Int)] {
            Self.rules.flatMap { rule in
                [false, true].flatMap { centralizes in [0, 3].map { (rule, centralizes, $0) } }
            }
        }

        @Test("Centralizing alone leaves no mean, and twice equals once", arguments: Slices.all)
        func centralize(_ slices: Slices) {
            let u = randomNumbers(slices.outputs * slices.fanIn, seed: 13)
            for machine in Machine.all {
                machine.run {
                    var description = slices.slices
                    var (once, energies) = (slices.stored(u), [Float](repeating: 0, count: 2))
                    gcb_centralize(&description, machine.threads, once, &once, &energies)
                    for output in 0..<slices.outputs {
                        let slice = output * slices.fanIn..<(output + 1) * slices.fanIn
                        let mean = slices.logical(once)[slice].reduce(0, +) / Double(slices.fanIn)
                        #expect(abs(mean) < 1e-6)
                    }
                    var twice = once
                    gcb_centralize(&description, machine.threads, twice, &twice, &energies)
                    #expect(distance(slices.logical(twice), slices.logical(once)) < 1e-6)
                    #expect(energies[0] < 1e-9)
                }
            }
        }
    }
}

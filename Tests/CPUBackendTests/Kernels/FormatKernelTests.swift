import CKernels
import Tensors
import Testing

extension KernelTests {
    /// Oracle: the float32 kernels, which the other suites hold to their formulas. A kernel computes
    /// in float32 whatever it stores, so on the same numbers its bfloat16 results are the rounded
    /// float32 ones, to the last bit.
    @Suite("bfloat16")
    struct Format {
        /// Runs `kernel` in both formats on the same inputs, `[BFloat16]` or `[Float]` as memory, and
        /// expects the same results. `written` counts the elements of each activation it writes.
        private func compare(
            _ inputs: [[Double]], writing written: [Int], masters: Int = 0,
            _ kernel: (
                gcb_format, [UnsafeRawPointer], [UnsafeMutableRawPointer], inout [Float]
            ) -> Void
        ) {
            var masterResults = [Float](repeating: 0, count: masters)
            let narrow = inputs.map { $0.map { BFloat16(Float($0)) } }
            let wide = narrow.map { $0.map(\.float) }
            let expected = Self.run(wide, zero: Float(0), written) {
                kernel(gcb_format_float32, $0, $1, &masterResults)
            }
            let expectedMasters = masterResults
            let actual = Self.run(narrow, zero: BFloat16(0), written) {
                kernel(gcb_format_bfloat16, $0, $1, &masterResults)
            }
            #expect(actual == expected.map { $0.map { BFloat16($0) } })
            #expect(masterResults == expectedMasters)
        }

        private static func run<Element>(
            _ inputs: [[Element]], zero: Element, _ written: [Int],
            _ kernel: ([UnsafeRawPointer], [UnsafeMutableRawPointer]) -> Void
        ) -> [[Element]] {
            let memory = (inputs + written.map { Array(repeating: zero, count: $0) }).map {
                elements in
                let buffer = UnsafeMutableBufferPointer<Element>.allocate(
                    capacity: max(1, elements.count))
                _ = buffer.initialize(from: elements)
                return (buffer: buffer, count: elements.count)
            }
            defer { for entry in memory { entry.buffer.deallocate() } }
            let addresses = memory.compactMap { UnsafeMutableRawPointer($0.buffer.baseAddress) }
            kernel(
                addresses.prefix(inputs.count).map { UnsafeRawPointer($0) },
                Array(addresses.dropFirst(inputs.count)))
            return memory.dropFirst(inputs.count).map { Array($0.buffer.prefix($0.count)) }
        }

        @Test("Element-wise kernels round once", arguments: Elementwise.counts)
        func elementWise(count: Int) {
            let (a, b) = (randomNumbers(count, seed: 1), randomNumbers(count, seed: 2))
            for machine in Machine.all {
                machine.run {
                    compare([a, b], writing: [count, count, count, count]) { format, x, y, _ in
                        let count = Int64(count)
                        gcb_relu(format, x[0], y[0], count, machine.threads)
                        gcb_relu_gradient(format, x[0], x[1], y[1], count, machine.threads)
                        gcb_add(format, 0.3, x[0], -1.7, x[1], y[2], count, machine.threads)
                        gcb_fill(format, 0.1, y[3], count, machine.threads)
                    }
                }
            }
        }

        @Test(
            "Biases, means of planes and their gradients round once", arguments: TestActivation.all)
        func channels(_ activation: TestActivation) {
            let stored = activation.stored(activation.numbers(seed: 1)).map(Double.init)
            let planes = activation.images * activation.channels
            let bias = randomNumbers(activation.channels, seed: 2).map(Float.init)
            let means = randomNumbers(planes, seed: 3).map(Float.init)
            for machine in Machine.all {
                machine.run {
                    let masters = activation.channels + planes
                    compare([stored], writing: [stored.count, stored.count], masters: masters) {
                        format, x, y, sums in
                        var shape = activation.shape(format)
                        gcb_add_bias(&shape, x[0], bias, y[0], machine.threads)
                        gcb_global_average_gradient(&shape, means, y[1], machine.threads)
                        sums.withUnsafeMutableBufferPointer { sums in
                            guard let base = sums.baseAddress else { return }
                            gcb_bias_gradient(&shape, x[0], base, machine.threads)
                            gcb_global_average(
                                &shape, x[0], base + activation.channels, machine.threads)
                        }
                    }
                }
            }
        }

        @Test(
            "Normalizations round once, forward, backward and given",
            arguments: Normalization.Case.all)
        func normalization(_ test: Normalization.Case) {
            let activation = test.activation
            let inputs = (1...3).map {
                activation.stored(activation.numbers(seed: $0)).map(Double.init)
            }
            let count = activation.storedCount
            let (scale, shift) = (
                randomNumbers(activation.channels, seed: 4).map(Float.init),
                randomNumbers(activation.channels, seed: 5).map(Float.init)
            )
            let statistics = activation.images * max(1, test.groups) * activation.channels
            for machine in Machine.all {
                machine.run {
                    compare(
                        inputs, writing: [count, count, count, count],
                        masters: 2 * statistics + 2 * activation.channels
                    ) { format, x, y, masters in
                        var rule = test.rule(threads: machine.threads)
                        rule.shape.format = format
                        var workspace = [UInt8](
                            repeating: 0, count: gcb_normalization_workspace(&rule))
                        masters.withUnsafeMutableBufferPointer { masters in
                            guard let mean = masters.baseAddress else { return }
                            let variance = mean + statistics
                            let dscale = variance + statistics
                            gcb_normalization_forward(
                                &rule, x[0], scale, shift, x[1], y[0], mean, variance, &workspace)
                            // The same y for both formats: where the mask is stored, it is x[1].
                            gcb_normalization_backward(
                                &rule, x[2], x[0], scale, shift, mean, variance, x[1], y[1],
                                dscale, dscale + activation.channels,
                                test.addsResidual ? y[2] : nil, &workspace)
                            if test.groups == 0 {
                                gcb_normalization_inference(
                                    &rule, x[0], scale, shift, mean, variance, x[1], y[3])
                            }
                        }
                    }
                }
            }
        }

        @Test("Poolings round once, in both directions", arguments: Pooling.Case.all)
        func pooling(_ test: Pooling.Case) {
            let x = test.data.stored(test.data.numbers(seed: 1)).map(Double.init)
            let dy = test.pooled.stored(test.pooled.numbers(seed: 2)).map(Double.init)
            for machine in Machine.all {
                machine.run {
                    compare([x, dy], writing: [dy.count, x.count, dy.count, x.count]) {
                        format, x, y, _ in
                        var window = test.window(threads: machine.threads)
                        window.data.format = format
                        var positions = [UInt8](repeating: 0, count: dy.count)
                        gcb_max_pool(&window, x[0], y[0], &positions)
                        gcb_max_pool_gradient(&window, x[1], positions, y[1])
                        gcb_average_pool(&window, x[0], y[2])
                        gcb_average_pool_gradient(&window, x[1], y[3])
                    }
                }
            }
        }

        /// Oracle: `BFloat16` of the program's tensors. As many numbers as several threads share.
        @Test("Copies in bfloat16 hold every number, rounded", arguments: [1, 31, 40_003])
        func narrowing(count: Int) {
            let numbers = randomNumbers(count, seed: 5).map { Float($0) }
            for machine in Machine.all {
                machine.run {
                    var copies = [gcb_bfloat16](repeating: gcb_bfloat16(bits: 1), count: count + 1)
                    gcb_narrow(numbers, &copies, Int64(count), machine.threads)
                    let expected = numbers.map { BFloat16($0).bitPattern }
                    #expect(copies.dropLast().map(\.bits) == expected)
                    #expect(copies[count].bits == 1)
                }
            }
        }

        /// Oracle: `BFloat16` of the program's tensors.
        @Test("Rounding is to nearest, ties to even, with NaN and infinities kept")
        func rounding() {
            let bits: [UInt32] = [
                0, 1, 0x8000, 0x8001, 0x1_8000, 0x3F80_7FFF, 0x3F80_8000, 0x3F80_8001,
                0x3F81_8000, 0x3F81_7FFF, 0x7F7F_7FFF, 0x7F7F_FFFF, 0x7F80_0000, 0x7F80_0001,
                0x7FFF_FFFF, 0xFF80_0000, 0xFFC0_0000, 0xBF80_8000, 0xBF81_8000, 0x8000_0000,
            ]
            let numbers = bits.map(Float.init(bitPattern:))
            for machine in Machine.all {
                machine.run {
                    for number in numbers {
                        // A bias is added to zeros, and a fill writes it, in all lanes.
                        var shape = gcb_activation(
                            images: 1, channels: 1, space: 33, block: 1,
                            format: gcb_format_bfloat16)
                        let zeros = [BFloat16](repeating: BFloat16(bitPattern: 0x8000), count: 33)
                        let expected = Array(repeating: BFloat16(number), count: 33)
                        var y = zeros
                        gcb_add_bias(&shape, zeros, [number], &y, machine.threads)
                        #expect(y == expected, "\(number.bitPattern)")
                        gcb_fill(gcb_format_bfloat16, number, &y, 33, machine.threads)
                        #expect(y == expected, "\(number.bitPattern)")
                        var narrow = [gcb_bfloat16](repeating: gcb_bfloat16(bits: 1), count: 33)
                        gcb_narrow(
                            Array(repeating: number, count: 33), &narrow, 33, machine.threads)
                        #expect(narrow.map(\.bits) == expected.map(\.bitPattern))
                    }
                }
            }
        }
    }
}

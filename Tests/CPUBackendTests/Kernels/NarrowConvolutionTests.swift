import CKernels
import Tensors
import Testing

extension KernelTests {
    /// Convolutions of bfloat16 numbers by Winograd's algorithm and in pairs.
    ///
    /// Oracle: the formula in whole numbers. The images are whole numbers up to 3 and the weights
    /// multiples of 4 up to 8, so that Winograd's transforms are whole numbers below 2⁸, which
    /// bfloat16 holds, and all sums below 2²⁴, which float32 holds: the kernels must be right to
    /// the last bit, a result rounded to bfloat16 once.
    @Suite("Convolutions of bfloat16 numbers")
    struct NarrowConvolution {
        struct Problem: CustomTestStringConvertible, Sendable {
            let images: Int
            let outputs: Int
            let inputs: Int
            let height: Int
            let width: Int
            var kernel = 3
            var stride = 1
            var padding = 1

            var resultHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
            var resultWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

            var testDescription: String {
                "\(images)×\(inputs)×\(height)×\(width) to \(outputs), \(kernel)×\(kernel), "
                    + "stride \(stride)"
            }

            func winograd(threads: Int32) -> gcb_winograd {
                gcb_winograd(
                    images: Int64(images), outputs: Int64(outputs), inputs: Int64(inputs),
                    height: Int64(height), width: Int64(width), threads: threads)
            }

            func gradient(threads: Int32) -> gcb_narrow_gradient {
                gcb_narrow_gradient(
                    images: Int64(images), outputs: Int64(outputs), inputs: Int64(inputs),
                    height: Int64(height), width: Int64(width),
                    result_height: Int64(resultHeight), result_width: Int64(resultWidth),
                    kernel: Int64(kernel), stride: Int64(stride), padding: Int64(padding),
                    threads: threads)
            }
        }

        /// Odd and even extents, one tile, more channels than a panel, more tiles than a chunk.
        static let winograd = [
            Problem(images: 3, outputs: 48, inputs: 32, height: 7, width: 5),
            Problem(images: 2, outputs: 16, inputs: 80, height: 6, width: 8),
            Problem(images: 1, outputs: 96, inputs: 16, height: 2, width: 1),
            Problem(images: 5, outputs: 16, inputs: 16, height: 17, width: 30),
        ]

        /// Also more tiles than the scratch memory holds at a time with so many channels.
        static let winogradGradients =
            winograd + [Problem(images: 2, outputs: 16, inputs: 512, height: 33, width: 16)]

        static let gradients = [
            Problem(images: 3, outputs: 16, inputs: 32, height: 9, width: 11),
            Problem(
                images: 2, outputs: 48, inputs: 16, height: 9, width: 8, stride: 2),
            Problem(
                images: 3, outputs: 80, inputs: 96, height: 5, width: 7, kernel: 1, stride: 2,
                padding: 0),
            Problem(
                images: 2, outputs: 32, inputs: 64, height: 12, width: 13, kernel: 1, padding: 0),
        ]

        // MARK: - Tensors

        /// A tensor of whole numbers in the kernels' layouts.
        fileprivate struct Tensor {
            let shape: [Int]
            let isWeight: Bool
            var numbers: [Float]

            init(_ shape: [Int], isWeight: Bool = false, seed: UInt64) {
                var random = CounterRandom(seed: seed, stream: .test)
                self.shape = shape
                self.isWeight = isWeight
                numbers = (0..<shape.reduce(1, *)).map { _ in
                    isWeight
                        ? Float(4 * (random.uniform() * 4 - 2).rounded())
                        : Float((random.uniform() * 6 - 3).rounded())
                }
            }

            /// Where `[a, b, c, d]` lies: `aBcd16b`, and `ABcd8b16a2b` for weights.
            func place(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Int {
                let (blocks, at) = (shape[1] / 16, c * shape[3] + d)
                let area = shape[2] * shape[3]
                return isWeight
                    ? ((a / 16 * blocks + b / 16) * area + at) * 256 + b % 16 / 2 * 32
                        + a % 16 * 2 + b % 2
                    : ((a * blocks + b / 16) * area + at) * 16 + b % 16
            }

            subscript(a: Int, b: Int, c: Int, d: Int) -> Int {
                guard (0..<shape[2]).contains(c), (0..<shape[3]).contains(d) else { return 0 }
                return Int(numbers[place(a, b, c, d)])
            }

            var narrow: [gcb_bfloat16] { numbers.map { gcb_bfloat16_of($0) } }
        }

        private func workspace(_ byteCount: Int) -> UnsafeMutableRawBufferPointer {
            let memory = UnsafeMutableRawBufferPointer.allocate(
                byteCount: byteCount + 64, alignment: 64)
            // What it held before must not matter.
            memory.initializeMemory(as: UInt8.self, repeating: 0xFF)
            return memory
        }

        // MARK: - Tests

        @Test("Winograd's algorithm computes the convolution", arguments: Machine.all, winograd)
        func forward(machine: Machine, problem: Problem) {
            let x = Tensor(
                [problem.images, problem.inputs, problem.height, problem.width], seed: 1)
            let w = Tensor([problem.outputs, problem.inputs, 3, 3], isWeight: true, seed: 2)
            let y = Tensor(
                [problem.images, problem.outputs, problem.height, problem.width], seed: 3)
            let bias = (0..<problem.outputs).map { Float($0 % 5) }
            var shape = problem.winograd(threads: machine.threads)
            let memory = workspace(gcb_winograd_workspace(&shape))
            defer { memory.deallocate() }
            for (adds, rectifies) in [(false, false), (true, false), (false, true), (true, true)] {
                var actual = y.narrow
                bias.withUnsafeBufferPointer { bias in
                    var epilogue = gcb_epilogue(
                        bias: adds ? bias.baseAddress : nil, adds_residual: adds,
                        rectifies: rectifies)
                    machine.run {
                        gcb_winograd_forward(
                            &shape, x.narrow, w.narrow, &epilogue, &actual, memory.baseAddress)
                    }
                }
                var expected = y
                y.each { n, o, row, column in
                    var sum = adds ? y[n, o, row, column] + Int(bias[o]) : 0
                    for i in 0..<problem.inputs {
                        for k in 0..<9 {
                            sum +=
                                x[n, i, row + k / 3 - 1, column + k % 3 - 1]
                                * w[o, i, k / 3, k % 3]
                        }
                    }
                    expected.numbers[y.place(n, o, row, column)] =
                        Float(rectifies ? max(0, sum) : sum)
                }
                #expect(actual.map(\.bits) == expected.narrow.map(\.bits))
            }
        }

        @Test("Winograd's algorithm computes the data gradient", arguments: Machine.all, winograd)
        func dataGradient(machine: Machine, problem: Problem) {
            let dy = Tensor(
                [problem.images, problem.outputs, problem.height, problem.width], seed: 1)
            let w = Tensor([problem.outputs, problem.inputs, 3, 3], isWeight: true, seed: 2)
            var expected = Tensor(
                [problem.images, problem.inputs, problem.height, problem.width], seed: 3)
            var actual = expected.narrow
            var shape = problem.winograd(threads: machine.threads)
            let memory = workspace(gcb_winograd_workspace(&shape))
            defer { memory.deallocate() }
            machine.run {
                gcb_winograd_data_gradient(
                    &shape, dy.narrow, w.narrow, &actual, memory.baseAddress)
            }
            expected.each { n, i, row, column in
                var sum = 0
                for o in 0..<problem.outputs {
                    for k in 0..<9 {
                        sum +=
                            dy[n, o, row - k / 3 + 1, column - k % 3 + 1] * w[o, i, k / 3, k % 3]
                    }
                }
                expected.numbers[expected.place(n, i, row, column)] = Float(sum)
            }
            #expect(actual.map(\.bits) == expected.narrow.map(\.bits))
        }

        @Test(
            "Winograd's algorithm computes the weight gradient", arguments: Machine.all,
            winogradGradients)
        func winogradWeightGradient(machine: Machine, problem: Problem) {
            var shape = problem.winograd(threads: machine.threads)
            checkWeightGradient(problem, gcb_winograd_gradient_workspace(&shape)) {
                dy, x, dw, memory in
                machine.run { gcb_winograd_weight_gradient(&shape, dy, x, &dw, memory) }
            }
        }

        @Test("Products of pairs are the weight gradient", arguments: Machine.all, gradients)
        func weightGradient(machine: Machine, problem: Problem) {
            var shape = problem.gradient(threads: machine.threads)
            checkWeightGradient(problem, gcb_narrow_gradient_workspace(&shape)) {
                dy, x, dw, memory in
                machine.run { gcb_narrow_weight_gradient(&shape, dy, x, &dw, memory) }
            }
        }

        private func checkWeightGradient(
            _ problem: Problem, _ byteCount: Int,
            _ kernel: ([gcb_bfloat16], [gcb_bfloat16], inout [Float], UnsafeMutableRawPointer?) ->
                Void
        ) {
            let (height, width) = (problem.resultHeight, problem.resultWidth)
            let dy = Tensor([problem.images, problem.outputs, height, width], seed: 1)
            let x = Tensor(
                [problem.images, problem.inputs, problem.height, problem.width], seed: 2)
            var expected = Tensor(
                [problem.outputs, problem.inputs, problem.kernel, problem.kernel], isWeight: true,
                seed: 3)
            var actual = [Float](repeating: .nan, count: expected.numbers.count)
            let memory = workspace(byteCount)
            defer { memory.deallocate() }
            kernel(dy.narrow, x.narrow, &actual, memory.baseAddress)
            expected.each { o, i, down, right in
                var sum = 0
                for n in 0..<problem.images {
                    for row in 0..<height {
                        for column in 0..<width {
                            sum +=
                                dy[n, o, row, column]
                                * x[
                                    n, i, row * problem.stride + down - problem.padding,
                                    column * problem.stride + right - problem.padding]
                        }
                    }
                }
                expected.numbers[expected.place(o, i, down, right)] = Float(sum)
            }
            #expect(actual == expected.numbers)
        }
    }
}

extension KernelTests.NarrowConvolution.Tensor {
    /// Every index of the tensor.
    fileprivate func each(_ body: (Int, Int, Int, Int) -> Void) {
        for a in 0..<shape[0] {
            for b in 0..<shape[1] {
                for c in 0..<shape[2] { for d in 0..<shape[3] { body(a, b, c, d) } }
            }
        }
    }
}

import CKernels
import Tensors
import Testing

extension KernelTests {
    @Suite("Weight gradient of 1×1 convolutions")
    struct Pointwise {
        /// Fewer and more blocks than three on either side, chunks that end inside an image.
        static let shapes: [gcb_pointwise] = [(1, 16, 16, 1), (2, 64, 32, 65), (3, 32, 112, 130)]
            .map { images, outputs, inputs, pixels in
                gcb_pointwise(
                    images: images, outputs: outputs, inputs: inputs, pixels: pixels, threads: 1)
            }

        private func numbers(_ count: Int, seed: UInt64) -> [Float] {
            var random = CounterRandom(seed: seed, stream: .test)
            return (0..<count).map { _ in Float(random.uniform(in: -1..<1)) }
        }

        /// Where channel `c` of pixel `p` lies in `aBcd16b`.
        private func place(_ n: Int, _ c: Int, _ p: Int, channels: Int, pixels: Int) -> Int {
            ((n * (channels / 16) + c / 16) * pixels + p) * 16 + c % 16
        }

        /// Oracle: the formula in double precision. The partial sums of 390 products of numbers below
        /// one stay below 40, whose 390 roundings add up to about √390 · 40 · 2⁻²⁴ = 5e-5.
        @Test("It is the sum over images and pixels", arguments: Machine.all, 0..<3)
        func formula(machine: Machine, index: Int) {
            var shape = Self.shapes[index]
            shape.threads = machine.threads
            let (images, pixels) = (Int(shape.images), Int(shape.pixels))
            let (outputs, inputs) = (Int(shape.outputs), Int(shape.inputs))
            let dy = numbers(images * outputs * pixels, seed: 1)
            let x = numbers(images * inputs * pixels, seed: 2)
            // What the memory held before must not matter.
            var dw = [Float](repeating: .nan, count: outputs * inputs)
            machine.run { gcb_pointwise_weight_gradient(&shape, dy, x, &dw) }
            var worst = 0.0
            for o in 0..<outputs {
                for i in 0..<inputs {
                    var sum = 0.0
                    for n in 0..<images {
                        for p in 0..<pixels {
                            sum +=
                                Double(dy[place(n, o, p, channels: outputs, pixels: pixels)])
                                * Double(x[place(n, i, p, channels: inputs, pixels: pixels)])
                        }
                    }
                    let at = (o / 16 * (inputs / 16) + i / 16) * 256 + i % 16 * 16 + o % 16
                    worst = max(worst, abs(Double(dw[at]) - sum))
                }
            }
            #expect(worst < 5e-5)
        }
    }
}

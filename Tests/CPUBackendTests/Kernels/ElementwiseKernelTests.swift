import CKernels
import Testing

extension KernelTests {
    @Suite("Element-wise")
    struct Elementwise {
        /// Around the vector length, and enough for two threads to share.
        static let counts = [1, 15, 16, 17, 40_003]

        @Test("ReLU keeps NaN and its gradient follows y", arguments: counts)
        func relu(count: Int) {
            let (x, dy) = (randomNumbers(count, seed: 1), randomNumbers(count, seed: 2))
            for machine in Machine.all {
                machine.run {
                    var input = x.map(Float.init)
                    input[count / 2] = .nan
                    var y = input
                    gcb_relu(gcb_format_float32, input, &y, Int64(count), machine.threads)
                    var expected = x.map { max(0, $0) }
                    expected[count / 2] = .nan
                    #expect(distance(y.map(Double.init), expected) == 0)
                    var dx = dy.map(Float.init)
                    gcb_relu_gradient(
                        gcb_format_float32, dx, y, &dx, Int64(count), machine.threads)
                    let gradient = dy.indices.map { expected[$0] > 0 ? dy[$0] : 0 }
                    #expect(dx.map(Double.init) == gradient)
                }
            }
        }

        @Test("Sums, fills and copies are the formula", arguments: counts)
        func sums(count: Int) {
            let (a, b) = (randomNumbers(count, seed: 1), randomNumbers(count, seed: 2))
            let (left, right) = (a.map(Float.init), b.map(Float.init))
            for machine in Machine.all {
                machine.run {
                    var y = left
                    gcb_add(
                        gcb_format_float32, 0.5, left, -2, right, &y, Int64(count),
                        machine.threads)
                    #expect(distance(y.map(Double.init), zip(a, b).map { $0 / 2 - 2 * $1 }) < 1e-6)
                    gcb_copy(left, &y, Int64(count * 4), machine.threads)
                    #expect(y == left)
                    gcb_fill(gcb_format_float32, 3, &y, Int64(count), machine.threads)
                    #expect(y.allSatisfy { $0 == 3 })
                }
            }
        }

        @Test(
            "A bias is added per channel and its gradient is the sum", arguments: TestActivation.all
        )
        func bias(_ activation: TestActivation) {
            let x = activation.numbers(seed: 1)
            let bias = randomNumbers(activation.channels, seed: 2)
            func channel(_ index: Int) -> Int { index / activation.space % activation.channels }
            for machine in Machine.all {
                machine.run {
                    var shape = activation.shape
                    var y = activation.stored(x)
                    gcb_add_bias(&shape, y, bias.map(Float.init), &y, machine.threads)
                    let expected = x.indices.map { x[$0] + bias[channel($0)] }
                    #expect(distance(activation.logical(y), expected) < 1e-6)
                    var gradient = bias.map(Float.init)
                    gcb_bias_gradient(&shape, activation.stored(x), &gradient, machine.threads)
                    var sums = [Double](repeating: 0, count: activation.channels)
                    for index in x.indices { sums[channel(index)] += x[index] }
                    #expect(distance(gradient.map(Double.init), sums) < 1e-5)
                }
            }
        }
    }
}

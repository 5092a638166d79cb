import CKernels
import Testing

extension KernelTests {
    @Suite("Pooling")
    struct Pooling {
        struct Case: CustomTestStringConvertible, Sendable {
            let channels: Int
            let height: Int
            let width: Int
            let kernel: Int
            let stride: Int
            let padding: Int
            let block: Int

            var testDescription: String {
                "\(channels)×\(height)×\(width), window \(kernel)/\(stride)/\(padding), "
                    + "block \(block)"
            }

            static let all: [Case] = [0, 1, 8, 16].flatMap { block in
                [
                    (16, 8, 8, 3, 2, 1), (20, 7, 9, 2, 2, 0), (5, 5, 5, 5, 1, 4),
                    (32, 6, 6, 3, 1, 0), (3, 11, 7, 3, 2, 1),
                ].map {
                    Case(
                        channels: $0.0, height: $0.1, width: $0.2, kernel: $0.3, stride: $0.4,
                        padding: $0.5, block: block)
                }
            }

            var pooledHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
            var pooledWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

            var data: TestActivation {
                TestActivation(
                    images: 2, channels: channels, space: height * width, block: block)
            }

            var pooled: TestActivation {
                TestActivation(
                    images: 2, channels: channels, space: pooledHeight * pooledWidth, block: block)
            }

            func window(threads: Int32) -> gcb_pool_window {
                gcb_pool_window(
                    data: data.shape, height: Int64(height), width: Int64(width),
                    pooled_height: Int64(pooledHeight), pooled_width: Int64(pooledWidth),
                    kernel: Int64(kernel), stride: Int64(stride), padding: Int64(padding),
                    threads: threads)
            }

            /// Calls `body` for every result with the elements of its window that exist.
            func forEachWindow(
                _ body: (_ pooled: Int, _ elements: [(position: Int, index: Int)]) -> Void
            ) {
                for plane in 0..<2 * channels {
                    for row in 0..<pooledHeight {
                        for column in 0..<pooledWidth {
                            var elements: [(Int, Int)] = []
                            for position in 0..<kernel * kernel {
                                let y = row * stride - padding + position / kernel
                                let x = column * stride - padding + position % kernel
                                guard (0..<height).contains(y), (0..<width).contains(x) else {
                                    continue
                                }
                                elements.append((position, (plane * height + y) * width + x))
                            }
                            body((plane * pooledHeight + row) * pooledWidth + column, elements)
                        }
                    }
                }
            }
        }

        @Test("Maxima, their positions and their gradient are the definition", arguments: Case.all)
        func maximum(_ test: Case) {
            // Few different numbers, so that there are ties.
            let x = test.data.numbers(seed: 1).map { ($0 * 2).rounded() }
            let dy = test.pooled.numbers(seed: 2)
            var (expected, positions) = (dy, dy)
            var gradient = x.map { _ in 0.0 }
            test.forEachWindow { result, elements in
                let best = elements.map { x[$0.index] }.max() ?? 0
                guard let winner = elements.first(where: { x[$0.index] == best }) else { return }
                expected[result] = best
                positions[result] = Double(winner.position)
                gradient[winner.index] += dy[result]
            }
            for machine in Machine.all {
                machine.run {
                    var window = test.window(threads: machine.threads)
                    var y = [Float](repeating: 0, count: test.pooled.storedCount)
                    var winners = [UInt8](repeating: 0, count: y.count)
                    gcb_max_pool(&window, test.data.stored(x), &y, &winners)
                    #expect(test.pooled.logical(y) == expected)
                    let found = test.pooled.logical(winners.map(Float.init), ignoringPadding: true)
                    #expect(found == positions)
                    var dx = [Float](repeating: .nan, count: test.data.storedCount)
                    gcb_max_pool_gradient(&window, test.pooled.stored(dy), winners, &dx)
                    #expect(distance(test.data.logical(dx), gradient) < 1e-6)
                }
            }
        }

        @Test("Window means and their gradient are the definition", arguments: Case.all)
        func average(_ test: Case) {
            let (x, dy) = (test.data.numbers(seed: 1), test.pooled.numbers(seed: 2))
            let area = Double(test.kernel * test.kernel)
            var expected = dy
            var gradient = x.map { _ in 0.0 }
            test.forEachWindow { result, elements in
                expected[result] = elements.reduce(0) { $0 + x[$1.index] } / area
                for element in elements { gradient[element.index] += dy[result] / area }
            }
            for machine in Machine.all {
                machine.run {
                    var window = test.window(threads: machine.threads)
                    var y = [Float](repeating: 0, count: test.pooled.storedCount)
                    gcb_average_pool(&window, test.data.stored(x), &y)
                    #expect(distance(test.pooled.logical(y), expected) < 1e-6)
                    var dx = [Float](repeating: .nan, count: test.data.storedCount)
                    gcb_average_pool_gradient(&window, test.pooled.stored(dy), &dx)
                    #expect(distance(test.data.logical(dx), gradient) < 1e-6)
                }
            }
        }

        @Test("The mean of a plane and its gradient", arguments: TestActivation.all)
        func global(_ activation: TestActivation) {
            let x = activation.numbers(seed: 1)
            let planes = activation.images * activation.channels
            let dy = randomNumbers(planes, seed: 2)
            let space = activation.space
            for machine in Machine.all {
                machine.run {
                    var shape = activation.shape
                    var y = [Float](repeating: 0, count: planes)
                    gcb_global_average(&shape, activation.stored(x), &y, machine.threads)
                    let means = (0..<planes).map { plane in
                        x[plane * space..<(plane + 1) * space].reduce(0, +) / Double(space)
                    }
                    #expect(distance(y.map(Double.init), means) < 1e-5)
                    var dx = [Float](repeating: 0, count: activation.storedCount)
                    gcb_global_average_gradient(
                        &shape, dy.map(Float.init), &dx, machine.threads)
                    let gradient = x.indices.map { dy[$0 / space] / Double(space) }
                    #expect(distance(activation.logical(dx), gradient) < 1e-6)
                }
            }
        }

        @Test("A NaN wins its window")
        func nan() {
            var window = Case(
                channels: 1, height: 2, width: 2, kernel: 2, stride: 2, padding: 0, block: 1
            ).window(threads: 1)
            var (y, position): ([Float], [UInt8]) = ([0, 0], [9, 9])
            window.data.images = 1
            gcb_max_pool(&window, [1, .nan, 3, 2] as [Float], &y, &position)
            #expect(y[0].isNaN && position[0] == 1)
        }
    }
}

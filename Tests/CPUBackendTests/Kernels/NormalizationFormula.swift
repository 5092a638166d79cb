import CKernels

/// Normalization in double precision, written as its definition.
struct NormalizationFormula {
    typealias Case = KernelTests.Normalization.Case

    let test: Case
    let x: [Double]
    let scale: [Double]
    let shift: [Double]
    let residual: [Double]
    let dy: [Double]
    /// By statistic: channel, or image · groups + group.
    let mean: [Double]
    let variance: [Double]
    let normalized: [Double]
    let y: [Double]
    /// Whether an element is far enough from the kink of the ReLU.
    let isClear: [Bool]

    init(_ test: Case, mean offset: Double = 1) {
        let activation = test.activation
        let x = activation.numbers(seed: 1, mean: offset)
        let scale = randomNumbers(activation.channels, seed: 2)
        let shift = randomNumbers(activation.channels, seed: 3)
        let residual = activation.numbers(seed: 4)
        let statistics = Self.statistics(test)
        let (mean, variance) = Self.moments(x, statistics)
        let normalized = x.indices.map {
            (x[$0] - mean[statistics[$0]]) / (variance[statistics[$0]] + 1e-5).squareRoot()
        }
        let channels = Self.channels(test)
        let before = x.indices.map {
            normalized[$0] * scale[channels[$0]] + shift[channels[$0]]
                + (test.addsResidual ? residual[$0] : 0)
        }
        self.test = test
        self.x = x
        self.scale = scale
        self.shift = shift
        self.residual = residual
        self.mean = mean
        self.variance = variance
        self.normalized = normalized
        dy = activation.numbers(seed: 5)
        y = test.rectifies ? before.map { max(0, $0) } : before
        isClear = before.map { !test.rectifies || abs($0) > 1e-4 }
    }

    private static func channels(_ test: Case) -> [Int] {
        let activation = test.activation
        return (0..<activation.count).map { $0 / activation.space % activation.channels }
    }

    private static func statistics(_ test: Case) -> [Int] {
        let activation = test.activation
        return channels(test).enumerated().map { element, channel in
            if test.groups == 0 { return channel }
            let image = element / (activation.channels * activation.space)
            return image * test.groups + channel / (activation.channels / test.groups)
        }
    }

    private static func moments(_ x: [Double], _ statistics: [Int]) -> ([Double], [Double]) {
        let count = (statistics.max() ?? 0) + 1
        var (number, mean, variance) = (
            [Double](repeating: 0, count: count), [Double](repeating: 0, count: count),
            [Double](repeating: 0, count: count)
        )
        for (element, statistic) in statistics.enumerated() {
            number[statistic] += 1
            mean[statistic] += x[element]
        }
        for statistic in mean.indices { mean[statistic] /= number[statistic] }
        for (element, statistic) in statistics.enumerated() {
            let distance = x[element] - mean[statistic]
            variance[statistic] += distance * distance / number[statistic]
        }
        return (mean, variance)
    }

    struct Gradient {
        var dx: [Double]
        var dscale: [Double]
        var dshift: [Double]
        var dresidual: [Double]
    }

    /// dx = r·(γd − mean(γd) − x̂·mean(γd·x̂)), the means over what the statistics run over.
    func gradient() -> Gradient {
        let (channels, statistics) = (Self.channels(test), Self.statistics(test))
        let d = dy.indices.map { !test.rectifies || y[$0] > 0 ? dy[$0] : 0 }
        var gradient = Gradient(
            dx: x, dscale: scale.map { _ in 0 }, dshift: scale.map { _ in 0 }, dresidual: d)
        var sums = mean.map { _ in (count: 0.0, plain: 0.0, product: 0.0) }
        for element in x.indices {
            let weighted = d[element] * scale[channels[element]]
            gradient.dshift[channels[element]] += d[element]
            gradient.dscale[channels[element]] += d[element] * normalized[element]
            sums[statistics[element]].count += 1
            sums[statistics[element]].plain += weighted
            sums[statistics[element]].product += weighted * normalized[element]
        }
        for element in x.indices {
            let sum = sums[statistics[element]]
            let r = 1 / (variance[statistics[element]] + 1e-5).squareRoot()
            gradient.dx[element] =
                r
                * (d[element] * scale[channels[element]] - sum.plain / sum.count
                    - normalized[element] * sum.product / sum.count)
        }
        return gradient
    }
}

/// The kernels on the formula's numbers, forward and then backward.
struct NormalizationRun {
    let y: [Double]
    let mean: [Double]
    let variance: [Double]
    let dx: [Double]
    let dscale: [Double]
    let dshift: [Double]
    let dresidual: [Double]

    init(_ formula: NormalizationFormula, threads: Int32, inPlace: Bool = false) {
        let activation = formula.test.activation
        var rule = formula.test.rule(threads: threads)
        let empty = [Float](repeating: 0, count: activation.storedCount)
        var workspace = [UInt8](repeating: 0, count: gcb_normalization_workspace(&rule))
        var (y, dx, dresidual) = (empty, empty, empty)
        var mean = [Float](repeating: 0, count: formula.mean.count)
        var variance = mean
        var dscale = [Float](repeating: 0, count: activation.channels)
        var dshift = dscale
        var (x, dy) = (activation.stored(formula.x), activation.stored(formula.dy))
        let (scale, shift) = (formula.scale.map(Float.init), formula.shift.map(Float.init))
        gcb_normalization_forward(
            &rule, x, scale, shift, activation.stored(formula.residual), &y, &mean, &variance,
            &workspace)
        if inPlace {
            x.withUnsafeMutableBufferPointer { x in
                dy.withUnsafeMutableBufferPointer { dy in
                    let adds = rule.adds_residual
                    gcb_normalization_backward(
                        &rule, dy.baseAddress, x.baseAddress, scale, shift, mean, variance, y,
                        adds ? x.baseAddress : dy.baseAddress, &dscale, &dshift,
                        adds ? dy.baseAddress : nil, &workspace)
                }
            }
            (dx, dresidual) = rule.adds_residual ? (x, dy) : (dy, empty)
        } else {
            gcb_normalization_backward(
                &rule, dy, x, scale, shift, mean, variance, y, &dx, &dscale, &dshift, &dresidual,
                &workspace)
        }
        self.y = activation.logical(y)
        self.mean = mean.map(Double.init)
        self.variance = variance.map(Double.init)
        self.dx = activation.logical(dx)
        self.dscale = dscale.map(Double.init)
        self.dshift = dshift.map(Double.init)
        self.dresidual = activation.logical(dresidual)
    }
}

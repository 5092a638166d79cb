public import Graphs
import Tensors

/// A result that is not what the reference says.
public struct Mismatch: CustomStringConvertible, Sendable {
    public let name: String
    public let problem: String

    public var description: String { "\(name): \(problem)" }
}

extension Outcome {
    /// Where these results are farther from `oracle` than `tolerance` allows.
    public func mismatches(with oracle: Outcome, _ tolerance: Tolerance, _ precision: Precision)
        -> [Mismatch]
    {
        guard entries.map(\.name) == oracle.entries.map(\.name) else {
            return [Mismatch(name: "outcome", problem: "other names than the oracle's")]
        }
        return zip(entries, oracle.entries).compactMap { entry, expected in
            let bound = tolerance.bound(precision, of: entry.tensor.scalarType)
            return problem(entry, expected, bound: bound).map {
                Mismatch(name: entry.name, problem: "\($0) (tolerance \(tolerance.name))")
            }
        }
    }

    private func problem(_ entry: Entry, _ expected: Entry, bound: Double) -> String? {
        guard entry.tensor.shape == expected.tensor.shape else {
            return "\(entry.tensor.shape) is not \(expected.tensor.shape)"
        }
        let (actual, oracle) = (entry.tensor.doubles(), expected.tensor.doubles())
        let scale = oracle.reduce(0) { max($0, abs($1)) }
        let allowed = isFraction(entry.tensor) ? bound * scale : 0
        let errors = zip(actual, oracle).map(distance)
        guard let worst = errors.indices.max(by: { errors[$0] < errors[$1] }),
            errors[worst] > allowed
        else { return nil }
        return "element \(worst) is \(actual[worst]), expected \(oracle[worst]): "
            + "off by \(errors[worst] / scale) of the largest, allowed \(bound)"
    }

    private func isFraction(_ tensor: HostTensor) -> Bool {
        switch tensor.scalarType {
        case .float32, .float64, .bfloat16: true
        case .int64, .int32, .uint8: false
        }
    }
}

/// The distance of two numbers; a NaN is infinitely far from anything but a NaN.
private func distance(_ a: Double, _ b: Double) -> Double {
    if a.isNaN || b.isNaN { return a.isNaN && b.isNaN ? 0 : .infinity }
    return a == b ? 0 : abs(a - b)
}

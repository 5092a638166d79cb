import Graphs
import Tensors

extension UpdateProgram {
    /// One instruction after the other over the whole weight; results last, so that they may take
    /// the place of operands.
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let tensors = (0..<tensorCount).map(site.operand)
        let scalars = (tensorCount..<tensorCount + scalarCount).map(site.operand)
        let outputs = results.indices.map(site.result)
        let energies = centralizedAxis == nil ? nil : site.result(results.count)
        return {
            var registers: [[Scalar]] = []
            for instruction in instructions {
                let inputs = UpdateInputs(
                    tensors: tensors, scalars: scalars, registers: registers)
                if case .centralize(let source, let axis) = instruction {
                    let slices = OutputSlices(of: tensors[0].shape, axis: axis)
                    let (register, energy) = slices.centralized(inputs[source])
                    registers.append(register)
                    energies?[0] = Scalar(energy.removed)
                    energies?[1] = Scalar(energy.whole)
                } else {
                    registers.append(instruction.evaluated(over: inputs))
                }
            }
            for (output, number) in zip(outputs, results) {
                for i in 0..<output.count { output[i] = registers[number][i] }
            }
        }
    }
}

/// What instructions read.
private struct UpdateInputs<Scalar: ReferenceScalar> {
    let tensors: [View<Scalar>]
    let scalars: [View<Scalar>]
    let registers: [[Scalar]]

    subscript(source: UpdateProgram.Source) -> [Scalar] {
        switch source {
        case .operand(let index):
            Array(UnsafeBufferPointer(start: tensors[index].start, count: tensors[index].count))
        case .register(let number): registers[number]
        }
    }

    subscript(factor: UpdateProgram.Factor) -> Scalar {
        let constant = Scalar(factor.constant)
        return factor.scalar.map { constant * scalars[$0 - tensors.count][0] } ?? constant
    }
}

extension UpdateProgram.Instruction {
    /// The formulas, element by element. Centralization looks at other elements too and is not
    /// among them.
    fileprivate func evaluated<Scalar: ReferenceScalar>(over inputs: UpdateInputs<Scalar>)
        -> [Scalar]
    {
        switch self {
        case .scaled(let a):
            let alpha = inputs[a.factor]
            return inputs[a.source].map { alpha * $0 }
        case .sum(let a, let b):
            let (alpha, beta) = (inputs[a.factor], inputs[b.factor])
            return zip(inputs[a.source], inputs[b.source]).map { alpha * $0 + beta * $1 }
        case .product(let factor, let a, let b, let c):
            let (alpha, beta) = (inputs[factor], inputs[c.factor])
            let products = zip(inputs[a], inputs[b]).map { alpha * $0 * $1 }
            return zip(products, inputs[c.source]).map { $0 + beta * $1 }
        case .maximum(let a, let b):
            return zip(inputs[a], inputs[b]).map { $0 > $1 ? $0 : $1 }
        case .ratio(let a, let root):
            let (alpha, gamma) = (inputs[a.factor], inputs[root.factor])
            let (inner, outer) = (Scalar(root.inner), Scalar(root.outer))
            return zip(inputs[a.source], inputs[root.square]).map { a, b in
                alpha * a / (gamma * ((b < 0 ? 0 : b) + inner).squareRoot() + outer)
            }
        case .centralize(let a, _): return inputs[a]
        }
    }
}

/// What centralization removes, Σ M·ū² (M the fan-in), of the whole, Σ u².
private struct Energy {
    var removed = 0.0
    var whole = 0.0
}

/// The elements of a weight by the output they belong to.
private struct OutputSlices {
    let count: Int
    let fanIn: Int
    /// The elements of one index of the axis that lie together.
    private let run: Int

    init(of shape: Shape, axis: Int) {
        count = shape[axis]
        fanIn = shape.count / max(1, count)
        run = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
    }

    /// u − ū for each output slice.
    func centralized<Scalar: ReferenceScalar>(_ u: [Scalar]) -> ([Scalar], Energy) {
        var (centralized, energy) = (u, Energy())
        for o in 0..<count {
            var sum = 0.0
            forEach(of: o) { i in
                sum += u[i].double
                energy.whole += u[i].double * u[i].double
            }
            let mean = sum / Double(fanIn)
            energy.removed += sum * mean
            forEach(of: o) { i in centralized[i] = u[i] - Scalar(mean) }
        }
        return (centralized, energy)
    }

    @inline(__always)
    private func forEach(of o: Int, _ body: (Int) -> Void) {
        for outer in stride(from: 0, to: fanIn, by: run) {
            let first = outer * count + o * run
            for i in first..<first + run { body(i) }
        }
    }
}

extension StepCoefficient {
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (step, result) = (site.operand(0), site.result(0))
        return { result[0] = Scalar(value(atStep: step[0].double)) }
    }
}

extension SquaredNorm {
    /// Σ u²
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (u, result) = (site.operand(0), site.result(0))
        return {
            var sum = 0.0
            for i in 0..<u.count { sum += u[i].double * u[i].double }
            result[0] = Scalar(sum)
        }
    }
}

extension ClippingFactor {
    /// min(1, maximum / (√s + 10⁻⁶))
    func kernel<Scalar: ReferenceScalar>(_ site: Site<Scalar>) -> () -> Void {
        let (squaredNorm, result) = (site.operand(0), site.result(0))
        return { result[0] = Scalar(value(squaredNorm: squaredNorm[0].double)) }
    }
}

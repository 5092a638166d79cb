import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// Arguments for kernels on matrices `[N, d, d]`.
    func matrices(_ shape: Shape) -> gcb_matrices {
        var arguments = gcb_matrices()
        (arguments.count, arguments.dimension) = (Int32(shape[0]), Int32(shape[1]))
        return arguments
    }

    /// With V = Z·Y, a step is Y ← 1.5·Y − 0.5·Y·V and Z ← 1.5·Z − 0.5·V·Z.
    func matrixSquareRoot(_ rule: MatrixSquareRoot) throws(CUDAFailure) -> Body {
        let shape = operands[0].spec.shape
        let memory = RootWorkspace(shape, isGradient: false)
        let writer = RootWriter(site: self, shape: shape, products: memory.products)
        let (a, v) = (writer.matrices(memory.matrices[0]), writer.matrices(memory.matrices[0]))
        func iterate(_ k: Int, _ part: Int) -> MatrixProducts.Matrices {
            iterates(result(1), shape, iterations: rule.iterations, number: 2 * k + part)
        }
        var bodies = try divideByTraces(
            operand(0), shape, traces: memory.traces, quotients: memory.matrices[0],
            start: iterate(0, 1))
        bodies.append(try writer.sum(1.5, a, -0.5, a, a, into: iterate(0, 0)))
        for k in 1..<max(1, rule.iterations - 1) {
            let (y, z) = (iterate(k - 1, 0), iterate(k - 1, 1))
            bodies.append(try writer.product(z, y, into: v))
            bodies.append(try writer.sum(1.5, y, -0.5, y, v, into: iterate(k, 0)))
            bodies.append(try writer.sum(1.5, z, -0.5, v, z, into: iterate(k, 1)))
        }
        let (y, z) = (iterate(rule.iterations - 2, 0), iterate(rule.iterations - 2, 1))
        let root = MatrixProducts.Matrices(result(0), shape[1], shape[1])
        bodies.append(try writer.product(z, y, into: v))
        bodies.append(try writer.sum(1.5, y, -0.5, y, v, into: root))
        bodies.append(
            try scaleByRoots(result(0), shape, traces: memory.traces, into: result(0)))
        return sequence(bodies)
    }

    /// The formulas of the rule; what is added up is added by the products.
    func matrixSquareRootGradient(_ rule: MatrixSquareRootGradient) throws(CUDAFailure) -> Body {
        let shape = operands[1].spec.shape
        let memory = RootWorkspace(shape, isGradient: true)
        let writer = RootWriter(site: self, shape: shape, products: memory.products)
        let places = memory.matrices.map(writer.matrices)
        // Old and new dY and dZ change places with each step.
        var (dy, dz, newDY, newDZ) = (places[0], places[1], places[2], places[3])
        let (one, two, three, four) = (places[4], places[5], places[6], places[7])
        func iterate(_ k: Int, _ part: Int) -> MatrixProducts.Matrices {
            iterates(operand(3), shape, iterations: rule.iterations, number: 2 * k + part)
        }
        var bodies = try divideByTraces(
            operand(1), shape, traces: memory.traces, quotients: memory.matrices[7])
        bodies.append(
            try scaleByRoots(
                operand(0), shape, traces: memory.traces, into: scratch(memory.matrices[6])))
        let u = three
        var (y, z) = (iterate(rule.iterations - 2, 0), iterate(rule.iterations - 2, 1))
        // dY = 1.5·U − 0.5·(U·Y·Z + Z·Y·U), dZ = −0.5·Y·U·Y
        bodies.append(try writer.product(u, y, into: one))
        bodies.append(try writer.product(y, u, into: two))
        bodies.append(try writer.sum(1.5, u, -0.5, one, z, into: dy))
        bodies.append(try writer.add(-0.5, z, two, to: dy))
        bodies.append(try writer.product(two, y, factor: -0.5, into: dz))
        for k in (0..<rule.iterations - 2).reversed() {
            (y, z) = (iterate(k, 0), iterate(k, 1))
            bodies.append(try writer.product(dy, y, into: one))
            bodies.append(try writer.product(y, dy, into: two))
            bodies.append(try writer.product(z, dz, into: three))
            // dY ← 1.5·dY − 0.5·(dY·Y·Z + Z·dZ·Z + Z·Y·dY)
            bodies.append(try writer.sum(1.5, dy, -0.5, one, z, into: newDY))
            bodies.append(try writer.add(-0.5, three, z, to: newDY))
            bodies.append(try writer.add(-0.5, z, two, to: newDY))
            // dZ ← 1.5·dZ − 0.5·(Y·Z·dZ + Y·dY·Y + dZ·Z·Y)
            bodies.append(try writer.product(dz, z, into: one))
            bodies.append(try writer.sum(1.5, dz, -0.5, y, three, into: newDZ))
            bodies.append(try writer.add(-0.5, two, y, to: newDZ))
            bodies.append(try writer.add(-0.5, one, y, to: newDZ))
            (dy, newDY, dz, newDZ) = (newDY, dy, newDZ, dz)
        }
        // 1.5·dY − 0.5·(dY·A + A·dY), of which the kernel takes 0.5·dZ.
        bodies.append(try writer.sum(1.5, dy, -0.5, dy, four, into: one))
        bodies.append(try writer.add(-0.5, four, dy, to: one))
        let arguments = gcb_root_gradient(
            gradient: operand(0), root: operand(2), sigma: operand(1), product: one.address,
            dz: dz.address, traces: scratch(memory.traces), result: result(0),
            dimension: Int32(shape[1]))
        bodies.append(
            try launch("finish_root_gradient", .none, LaunchGrid(shape[0]), arguments))
        return sequence(bodies)
    }

    // MARK: - Steps

    /// Matrix `number` of each image's iterates, `[N, 2(T − 1), d, d]`.
    private func iterates(
        _ address: gcb_address, _ shape: Shape, iterations: Int, number: Int
    ) -> MatrixProducts.Matrices {
        let (d, size) = (shape[1], shape[1] * shape[1])
        return MatrixProducts.Matrices(
            address + gcb_address(number * size * MemoryLayout<Float>.stride), d, d,
            spacing: 2 * (iterations - 1) * size)
    }

    /// t = tr Σ, A = Σ/t, and where it is wanted Z₁ = ½(3I − A).
    private func divideByTraces(
        _ sigma: gcb_address, _ shape: Shape, traces: Int, quotients: Int,
        start: MatrixProducts.Matrices? = nil
    ) throws(CUDAFailure) -> [Body] {
        var (sums, quotient) = (matrices(shape), matrices(shape))
        (sums.x, sums.y) = (sigma, scratch(traces))
        (quotient.x, quotient.y) = (sigma, scratch(quotients))
        quotient.traces = scratch(traces)
        (quotient.z, quotient.z_stride) = (start?.address ?? 0, Int64(start?.spacing ?? 0))
        return [
            try launch("traces", .none, LaunchGrid(shape[0]), sums),
            try launch("divide_by_traces", .none, .threads(shape.count), quotient),
        ]
    }

    /// y = √t·x.
    private func scaleByRoots(
        _ x: gcb_address, _ shape: Shape, traces: Int, into y: gcb_address
    ) throws(CUDAFailure) -> Body {
        var arguments = matrices(shape)
        (arguments.x, arguments.y, arguments.traces) = (x, y, scratch(traces))
        return try launch("scale_by_roots", .none, .threads(shape.count), arguments)
    }
}

/// Writes products of `N` pairs of d×d matrices. Never of TF32: small eigenvalues would drown.
private struct RootWriter {
    typealias Matrices = MatrixProducts.Matrices

    let site: Site
    let shape: Shape
    let products: Int

    /// Matrices in a piece of the workspace.
    func matrices(_ offset: Int) -> Matrices {
        Matrices(site.scratch(offset), shape[1], shape[1])
    }

    /// d = factor·a·b
    func product(_ a: Matrices, _ b: Matrices, factor: Float = 1, into d: Matrices)
        throws(CUDAFailure) -> Site.Body
    { try multiply(factor, a, b, nil, into: d) }

    /// d = beta·c + alpha·a·b
    func sum(
        _ beta: Float, _ c: Matrices, _ alpha: Float, _ a: Matrices, _ b: Matrices,
        into d: Matrices
    ) throws(CUDAFailure) -> Site.Body { try multiply(alpha, a, b, (c, beta), into: d) }

    /// d += alpha·a·b
    func add(_ alpha: Float, _ a: Matrices, _ b: Matrices, to d: Matrices) throws(CUDAFailure)
        -> Site.Body
    { try multiply(alpha, a, b, (d, 1), into: d) }

    private func multiply(
        _ alpha: Float, _ a: Matrices, _ b: Matrices, _ addend: (Matrices, Float)?,
        into d: Matrices
    ) throws(CUDAFailure) -> Site.Body {
        try site.multiply(
            MatrixProducts(
                count: shape[0], left: a, right: b, result: d, alpha: alpha,
                addend: addend.map { (matrices: $0.0, factor: $0.1) }), scratch: products
        ).body
    }
}

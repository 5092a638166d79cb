import CCUDA
import CUDAKernels
import Graphs
import Tensors

extension Site {
    /// By cuBLASLt, or by our own loop where it has nothing for the shapes.
    func matrixProduct(_ rule: MatrixProduct) throws(CUDAFailure) -> CUDAKernel {
        if let (functions, handle) = device.cublas,
            let product = try MatrixProductCall(rule, self, functions, handle)
        {
            return CUDAKernel(scope: instruction.scope, implementation: "cublaslt") {
                () throws(CUDAFailure) in try product.run()
            }
        }
        return CUDAKernel(
            scope: instruction.scope, implementation: "own", try plainProduct(rule))
    }

    private func plainProduct(_ rule: MatrixProduct) throws(CUDAFailure) -> Body {
        let (left, c) = (operands[0].spec.shape, results[0].spec.shape)
        let (rows, columns) = (c[0], c[1])
        let inner = rule.transposesLeft ? left[0] : left[1]
        let arguments = gcb_matrix_product(
            a: operand(0), b: operand(1), c: result(0), rows: Int32(rows),
            columns: Int32(columns), inner: Int32(inner),
            a_row: rule.transposesLeft ? 1 : Int64(inner),
            a_inner: rule.transposesLeft ? Int64(rows) : 1,
            b_inner: rule.transposesRight ? 1 : Int64(columns),
            b_column: rule.transposesRight ? Int64(inner) : 1)
        return try launch("multiply", .none, .threads(c.count), arguments)
    }
}

/// One product by cuBLASLt, with its algorithm chosen.
///
/// A class because it owns descriptors. The library is column-major: it computes
/// Cᵀ = op(B)ᵀ · op(A)ᵀ, whose factors lie in memory as they are.
private final class MatrixProductCall {
    private let device: CUDADevice
    private let functions: gcb_cublas
    private let handle: UnsafeMutableRawPointer
    private let addresses: (a: gcb_device_address, b: gcb_device_address, c: gcb_device_address)
    private let workspace: (address: gcb_device_address, byteCount: Int)
    private var product: UnsafeMutableRawPointer?
    private var layouts: (a: UnsafeMutableRawPointer?, b: UnsafeMutableRawPointer?)
    private var layout: UnsafeMutableRawPointer?
    private var candidate = gcb_cublas_candidate()

    /// nil where the library has no algorithm.
    init?(
        _ rule: MatrixProduct, _ site: Site, _ functions: gcb_cublas,
        _ handle: UnsafeMutableRawPointer
    ) throws(CUDAFailure) {
        device = site.device
        self.functions = functions
        self.handle = handle
        addresses = (site.operand(0), site.operand(1), site.result(0))
        workspace = (site.workspace, site.instruction.workspace.count)
        let compute =
            site.options.allowsTF32 ? GCB_CUBLAS_COMPUTE_TF32 : GCB_CUBLAS_COMPUTE_FLOAT32
        try check(
            functions.createProduct(
                &product, Int32(compute), Int32(GCB_CUBLAS_FLOAT32)),
            "cublasLtMatmulDescCreate")
        try setTranspose(GCB_CUBLAS_TRANSPOSE_A, rule.transposesRight)
        try setTranspose(GCB_CUBLAS_TRANSPOSE_B, rule.transposesLeft)
        layouts.a = try makeLayout(site.operands[1])
        layouts.b = try makeLayout(site.operands[0])
        layout = try makeLayout(site.results[0])
        guard try findAlgorithm() else { return nil }
    }

    deinit {
        for layout in [layouts.a, layouts.b, layout] where layout != nil {
            _ = functions.destroyLayout(layout)
        }
        if product != nil { _ = functions.destroyProduct(product) }
    }

    func run() throws(CUDAFailure) {
        var (alpha, beta) = (Float(1), Float(0))
        let status = withUnsafePointer(to: candidate.algorithm) { algorithm in
            functions.multiply(
                handle, product, &alpha, addresses.b, layouts.a, addresses.a, layouts.b, &beta,
                addresses.c, layout, addresses.c, layout, algorithm, workspace.address,
                workspace.byteCount, device.stream)
        }
        try check(status, "cublasLtMatmul")
    }

    // MARK: - Making

    private func check(_ status: Int32, _ call: String) throws(CUDAFailure) {
        try device.libraries.check(status, of: functions, call, "multiply matrices")
    }

    private func setTranspose(_ attribute: Int, _ transposes: Bool) throws(CUDAFailure) {
        var value = Int32(
            transposes ? GCB_CUBLAS_TRANSPOSED : GCB_CUBLAS_PLAIN)
        try check(
            functions.setProduct(
                product, Int32(attribute), &value, MemoryLayout.size(ofValue: value)),
            "cublasLtMatmulDescSetAttribute")
    }

    /// A row-major [R, C] is a column-major C × R.
    private func makeLayout(_ region: Region) throws(CUDAFailure) -> UnsafeMutableRawPointer? {
        let shape = region.spec.shape
        var layout: UnsafeMutableRawPointer?
        let type =
            region.spec.scalarType == .bfloat16 ? GCB_CUBLAS_BFLOAT16 : GCB_CUBLAS_FLOAT32
        try check(
            functions.createLayout(
                &layout, Int32(type), UInt64(shape[1]), UInt64(shape[0]),
                Int64(shape[1])), "cublasLtMatrixLayoutCreate")
        return layout
    }

    /// The library's first choice among algorithms that add up in one order.
    private func findAlgorithm() throws(CUDAFailure) -> Bool {
        var preference: UnsafeMutableRawPointer?
        try check(functions.createPreference(&preference), "cublasLtMatmulPreferenceCreate")
        defer { _ = functions.destroyPreference(preference) }
        var (limit, schemes) = (
            UInt64(workspace.byteCount), UInt32(GCB_CUBLAS_ORDERED_REDUCTIONS)
        )
        try check(
            functions.setPreference(
                preference, Int32(GCB_CUBLAS_WORKSPACE_BYTES), &limit, 8),
            "cublasLtMatmulPreferenceSetAttribute")
        try check(
            functions.setPreference(
                preference, Int32(GCB_CUBLAS_REDUCTION_SCHEMES), &schemes, 4),
            "cublasLtMatmulPreferenceSetAttribute")
        var count = Int32(0)
        let status = functions.candidates(
            handle, product, layouts.a, layouts.b, layout, layout, preference, 1, &candidate,
            &count)
        return status == 0 && count > 0
    }
}

import CCUDA
import CUDAKernels
import Graphs

/// D[n] = α·A[n]·B[n] + β·C[n], products of as many pairs of row-major float32 matrices.
struct MatrixProducts {
    /// Matrices of one shape that lie evenly spaced.
    struct Matrices {
        let address: gcb_device_address
        /// As they lie in memory.
        let rows: Int
        let columns: Int
        /// How many numbers one lies behind the other.
        let spacing: Int
        /// Whether they are factors with rows and columns exchanged.
        var isTransposed = false

        init(
            _ address: gcb_device_address, _ rows: Int, _ columns: Int, spacing: Int? = nil,
            isTransposed: Bool = false
        ) {
            self.address = address
            (self.rows, self.columns) = (rows, columns)
            self.spacing = spacing ?? rows * columns
            self.isTransposed = isTransposed
        }
    }

    let count: Int
    let left: Matrices
    let right: Matrices
    let result: Matrices
    var alpha: Float = 1
    /// C and β; the result itself, to add to what is there.
    var addend: (matrices: Matrices, factor: Float)?
    var allowsTF32 = false

    var inner: Int { left.isTransposed ? left.rows : left.columns }

    /// As our own loop is told.
    fileprivate var arguments: gcb_matrix_product {
        var arguments = gcb_matrix_product()
        let added = addend?.matrices ?? result
        (arguments.a, arguments.b) = (left.address, right.address)
        (arguments.c, arguments.d) = (added.address, result.address)
        (arguments.count, arguments.inner) = (Int32(count), Int32(inner))
        (arguments.rows, arguments.columns) = (Int32(result.rows), Int32(result.columns))
        arguments.a_row = left.isTransposed ? 1 : Int64(left.columns)
        arguments.a_inner = left.isTransposed ? Int64(left.columns) : 1
        arguments.b_inner = right.isTransposed ? 1 : Int64(right.columns)
        arguments.b_column = right.isTransposed ? Int64(right.columns) : 1
        (arguments.a_matrix, arguments.b_matrix) = (Int64(left.spacing), Int64(right.spacing))
        (arguments.c_matrix, arguments.d_matrix) = (Int64(added.spacing), Int64(result.spacing))
        (arguments.alpha, arguments.beta) = (alpha, addend?.factor ?? 0)
        return arguments
    }
}

extension Site {
    /// By cuBLASLt, or by our own loop where it has nothing for the shapes.
    ///
    /// - Parameter scratch: where the library's part of the workspace begins, which reaches to its
    ///   end.
    func multiply(_ products: MatrixProducts, scratch: Int = 0) throws(CUDAFailure)
        -> (body: Body, implementation: String)
    {
        let memory = (
            address: workspace + gcb_device_address(scratch),
            byteCount: instruction.workspace.count - scratch
        )
        if let library = device.cublas,
            let call = try MatrixProductCall(
                products, memory, device, library.functions, library.handle)
        {
            return ({ () throws(CUDAFailure) in try call.run() }, "cublaslt")
        }
        let grid = LaunchGrid.threads(
            products.count * products.result.rows * products.result.columns)
        return (try launch("multiply", .none, grid, products.arguments), "own")
    }
}

/// Products by cuBLASLt, with their algorithm chosen.
///
/// A class because it owns descriptors. The library is column-major: it computes
/// Dᵀ = op(B)ᵀ · op(A)ᵀ, whose factors lie in memory as they are.
private final class MatrixProductCall {
    private let device: CUDADevice
    private let functions: gcb_cublas
    private let handle: UnsafeMutableRawPointer
    private let products: MatrixProducts
    private let workspace: (address: gcb_device_address, byteCount: Int)
    private var product: UnsafeMutableRawPointer?
    private var layouts: [UnsafeMutableRawPointer?] = []
    private var candidate = gcb_cublas_candidate()

    private var added: MatrixProducts.Matrices { products.addend?.matrices ?? products.result }

    /// nil where the library has no algorithm.
    init?(
        _ products: MatrixProducts, _ workspace: (address: gcb_device_address, byteCount: Int),
        _ device: CUDADevice, _ functions: gcb_cublas, _ handle: UnsafeMutableRawPointer
    ) throws(CUDAFailure) {
        self.device = device
        self.functions = functions
        self.handle = handle
        self.products = products
        self.workspace = workspace
        let compute = products.allowsTF32 ? GCB_CUBLAS_COMPUTE_TF32 : GCB_CUBLAS_COMPUTE_FLOAT32
        try check(
            functions.createProduct(
                &product, Int32(compute), Int32(GCB_CUBLAS_FLOAT32)),
            "cublasLtMatmulDescCreate")
        try setTranspose(GCB_CUBLAS_TRANSPOSE_A, products.right.isTransposed)
        try setTranspose(GCB_CUBLAS_TRANSPOSE_B, products.left.isTransposed)
        for matrices in [products.right, products.left, added, products.result] {
            try addLayout(of: matrices)
        }
        guard try findAlgorithm() else { return nil }
    }

    deinit {
        for layout in layouts where layout != nil { _ = functions.destroyLayout(layout) }
        if product != nil { _ = functions.destroyProduct(product) }
    }

    func run() throws(CUDAFailure) {
        var (alpha, beta) = (products.alpha, products.addend?.factor ?? 0)
        let status = withUnsafePointer(to: candidate.algorithm) { algorithm in
            functions.multiply(
                handle, product, &alpha, products.right.address, layouts[0],
                products.left.address, layouts[1], &beta, added.address, layouts[2],
                products.result.address, layouts[3], algorithm, workspace.address,
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
    private func addLayout(of matrices: MatrixProducts.Matrices) throws(CUDAFailure) {
        var layout: UnsafeMutableRawPointer?
        try check(
            functions.createLayout(
                &layout, Int32(GCB_CUBLAS_FLOAT32), UInt64(matrices.columns),
                UInt64(matrices.rows), Int64(matrices.columns)), "cublasLtMatrixLayoutCreate")
        layouts.append(layout)
        guard products.count > 1 else { return }
        var (count, spacing) = (Int32(products.count), Int64(matrices.spacing))
        try check(
            functions.setLayout(
                layout, Int32(GCB_CUBLAS_BATCH_COUNT), &count, MemoryLayout.size(ofValue: count)),
            "cublasLtMatrixLayoutSetAttribute")
        try check(
            functions.setLayout(
                layout, Int32(GCB_CUBLAS_BATCH_SPACING), &spacing,
                MemoryLayout.size(ofValue: spacing)), "cublasLtMatrixLayoutSetAttribute")
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
            handle, product, layouts[0], layouts[1], layouts[2], layouts[3], preference, 1,
            &candidate, &count)
        return status == 0 && count > 0
    }
}

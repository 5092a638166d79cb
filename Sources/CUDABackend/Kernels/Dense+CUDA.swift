import CUDAKernels
import Graphs
import Tensors

extension Site {
    func matrixProduct(_ rule: MatrixProduct) throws(CUDAFailure) -> CUDAKernel {
        func matrices(_ region: Region, isTransposed: Bool = false) -> MatrixProducts.Matrices {
            MatrixProducts.Matrices(
                address(region), region.spec.shape[0], region.spec.shape[1],
                isTransposed: isTransposed)
        }
        let (body, implementation) = try multiply(
            MatrixProducts(
                count: 1, left: matrices(operands[0], isTransposed: rule.transposesLeft),
                right: matrices(operands[1], isTransposed: rule.transposesRight),
                result: matrices(results[0]), allowsTF32: options.allowsTF32))
        return CUDAKernel(
            scope: instruction.scope, implementation: implementation, body)
    }
}

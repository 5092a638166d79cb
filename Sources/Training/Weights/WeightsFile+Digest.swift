import Checkpoints
import Tensors
public import Weights

extension WeightsFile {
    /// Names the weights by their content, in whichever format they are written: the digest of a
    /// job's weights where the file is one that `export` wrote. PyTorch's counts of batches, on
    /// which nothing depends, are left out.
    public var digest: String {
        TensorDigest.digest(
            of: tensors.filter { !$0.key.isBatchCounter }.mapValues { tensor in
                tensor.scalarType == .bfloat16 ? tensor.converted(to: .float32) : tensor
            })
    }
}

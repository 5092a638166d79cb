import CKernels
import Graphs
import Tensors

extension Site {
    func dropout(_ rule: Dropout) -> Body {
        let (shape, x, y, threads) = (
            numbered(instruction.operands[0]), data(0), output(0), threadCount
        )
        let key = UnsafePointer(
            address(instruction.operands[1]).assumingMemoryBound(to: Int64.self))
        let (threshold, scale) = (rule.threshold, Float(rule.scale))
        return {
            let words = rule.words(key: key.pointee)
            let mask = gcb_mask_rule(
                words: (words.first, words.second), threshold: threshold, scale: scale)
            withUnsafePointer(to: shape) { shape in
                withUnsafePointer(to: mask) { gcb_dropout(shape, $0, x, y, threads) }
            }
        }
    }

    /// The form in which the number of the element in image n, channel c and pixel s is
    /// (n·C + c)·S + s: a matrix has one channel of many pixels.
    private func numbered(_ region: Region) -> gcb_activation {
        let shape = region.spec.shape
        guard shape.rank == 2 else { return form(of: region) }
        return gcb_activation(
            images: Int64(shape[0]), channels: 1, space: Int64(shape[1]), block: 1, format: format)
    }
}

import CKernels
import Graphs
import Tensors

extension Site {
    /// One operand after the other goes to its stretch of every image, or of every pixel where
    /// channels are last.
    func concatenation() -> Body {
        let whole = instruction.results[0]
        var first = 0
        let moves = instruction.operands.indices.map { index in
            let part = instruction.operands[index]
            let (from, to) = (extent(of: part), extent(of: whole))
            let stretches = gcb_stretches(
                format: format, count: from.count, length: from.length, from_stride: from.length,
                to_stride: to.length, threads: threadCount)
            let target = output(0) + bytes(before: first, in: whole)
            first += part.spec.shape[1]
            return (stretches: stretches, source: data(index), target: target)
        }
        return {
            for move in moves {
                withUnsafePointer(to: move.stretches) {
                    gcb_copy_stretches($0, move.source, move.target)
                }
            }
        }
    }

    func concatenationGradient(_ rule: ConcatenationGradient) -> Body {
        let (whole, part) = (instruction.operands[0], instruction.results[0])
        let (from, to) = (extent(of: whole), extent(of: part))
        let stretches = gcb_stretches(
            format: format, count: to.count, length: to.length, from_stride: from.length,
            to_stride: to.length, threads: threadCount)
        let source = data(0) + bytes(before: rule.first, in: whole)
        let (other, target) = (rule.addsOther ? data(1) : nil, output(0))
        return {
            withUnsafePointer(to: stretches) {
                if let other {
                    gcb_add_stretches($0, source, other, target)
                } else {
                    gcb_copy_stretches($0, source, target)
                }
            }
        }
    }

    /// How many stretches of memory hold all channels of something, and how long they are.
    private func extent(of region: Region) -> (count: Int64, length: Int64) {
        let form = form(of: region)
        return form.block == 0
            ? (form.images * form.space, form.channels)
            : (form.images, Int64(region.byteCount / bytesPerNumber) / form.images)
    }

    private func bytes(before channel: Int, in region: Region) -> Int {
        let form = form(of: region)
        return channel * Int(form.block == 0 ? 1 : form.space) * bytesPerNumber
    }

    private var bytesPerNumber: Int { gcb_format_bytes(format) }
}

import CUDAKernels
import Graphs
import Tensors

extension Site {
    func concatenation() throws(CUDAFailure) -> Body {
        let all = ChannelRows(results[0].spec.shape)
        var (bodies, first): ([Body], Int) = ([], 0)
        for part in operands {
            let rows = ChannelRows(part.spec.shape)
            bodies.append(
                try copyChannels(
                    gcb_channels(
                        source: address(part), other: 0, target: result(0), rows: Int64(rows.rows),
                        count: Int64(rows.length), source_channels: Int64(rows.length),
                        target_channels: Int64(all.length), from: 0, to: Int64(first))))
            first += rows.length
        }
        return sequence(bodies)
    }

    func concatenationGradient(_ rule: ConcatenationGradient) throws(CUDAFailure) -> Body {
        let (all, share) = (
            ChannelRows(operands[0].spec.shape), ChannelRows(results[0].spec.shape)
        )
        return try copyChannels(
            gcb_channels(
                source: operand(0), other: operand(1, if: rule.addsOther), target: result(0),
                rows: Int64(share.rows), count: Int64(share.length),
                source_channels: Int64(all.length), target_channels: Int64(share.length),
                from: Int64(rule.first * share.length / rule.count), to: 0))
    }

    /// Sixteen bytes at a time where every part begins and ends at such a place.
    private func copyChannels(_ arguments: gcb_channels) throws(CUDAFailure) -> Body {
        let width = Int64(format.width)
        let isWide = [
            arguments.count, arguments.source_channels, arguments.target_channels, arguments.from,
            arguments.to,
        ].allSatisfy { $0.isMultiple(of: width) }
        let count = Int(arguments.rows * arguments.count) / (isWide ? format.width : 1)
        return try launch(
            isWide ? "copy_channels_wide" : "copy_channels_single", format, .threads(count),
            arguments)
    }
}

/// A tensor as rows in which the channels lie side by side: channels last, or row-major with the
/// axes behind the channels as parts of them.
private struct ChannelRows {
    let rows: Int
    let length: Int

    init(_ shape: Shape) {
        length = shape.rank == 4 ? shape[1] : shape.countPerSlice(along: 0)
        rows = shape.count / max(1, length)
    }
}

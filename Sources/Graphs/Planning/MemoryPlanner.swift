/// A stretch of memory needed from one instruction to another.
struct Buffer {
    let byteCount: Int
    /// The instruction that writes it; −1 for what the host writes before the step.
    let first: Int
    /// The last instruction that reads it; the number of instructions for what the host reads.
    var last: Int

    func overlaps(_ other: Buffer) -> Bool { first <= other.last && other.first <= last }
}

/// Places buffers in one arena so that no two that live at the same time overlap.
///
/// Greedy by size: large buffers first, each at the lowest offset that is free throughout its
/// life. *Reference:* Pisarchyk and Lee, "Efficient memory management for deep neural net
/// inference", 2020, "greedy by size".
struct MemoryPlanner {
    let alignment: Int
    let sharing: PlanOptions.Sharing

    /// Offsets parallel to `buffers`, and the bytes used in all.
    func place(_ buffers: [Buffer]) -> (offsets: [Int], byteCount: Int) {
        switch sharing {
        case .disabled: placeApart(buffers)
        case .enabled: placeSharing(buffers)
        }
    }

    private func aligned(_ bytes: Int) -> Int { (bytes + alignment - 1) / alignment * alignment }

    private func placeApart(_ buffers: [Buffer]) -> (offsets: [Int], byteCount: Int) {
        var end = 0
        let offsets = buffers.map { buffer in
            defer { end += aligned(buffer.byteCount) }
            return end
        }
        return (offsets, end)
    }

    private func placeSharing(_ buffers: [Buffer]) -> (offsets: [Int], byteCount: Int) {
        let bySize = buffers.indices.sorted {
            (buffers[$0].byteCount, buffers[$1].first, $1)
                > (buffers[$1].byteCount, buffers[$0].first, $0)
        }
        var offsets = Array(repeating: 0, count: buffers.count)
        var placed: [Int] = []
        var end = 0
        for index in bySize where buffers[index].byteCount > 0 {
            let neighbours = placed.filter { buffers[$0].overlaps(buffers[index]) }
                .sorted { offsets[$0] < offsets[$1] }
            var offset = 0
            for neighbour in neighbours {
                if offset + buffers[index].byteCount <= offsets[neighbour] { break }
                offset = max(offset, aligned(offsets[neighbour] + buffers[neighbour].byteCount))
            }
            offsets[index] = offset
            placed.append(index)
            end = max(end, offset + aligned(buffers[index].byteCount))
        }
        return (offsets, end)
    }
}

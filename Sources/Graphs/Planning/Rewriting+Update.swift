import Tensors

extension Rewriting {
    /// The programs of one weight's chain, from its gradient to its new content, become one.
    mutating func fuseUpdates() {
        let (readers, makers) = (readers(), makers())
        var replacements: [Int: Node] = [:]
        var absorbed: Set<Int> = []
        for last in nodes.indices.reversed() where !absorbed.contains(last) {
            guard var update = LinkedUpdate(nodes[last]) else { continue }
            var members: Set<Int> = [last]
            while let (index, earlier) = predecessor(of: update, members, readers, makers),
                absorbed.insert(index).inserted
            {
                members.insert(index)
                update.prepend(earlier) { value in
                    kept.contains(value.id) || !members.isSuperset(of: readers[value.id] ?? [])
                }
            }
            replacements[last] = update.node(scope: nodes[last].scope)
        }
        replace(replacements, absorbing: absorbed)
    }

    /// A program that makes what `update`, linked from `members`, reads, and that can come right
    /// before it.
    private func predecessor(
        of update: LinkedUpdate, _ members: Set<Int>, _ readers: [Int: [Int]],
        _ makers: [Int: Int]
    ) -> (Int, LinkedUpdate)? {
        for tensor in update.tensors {
            guard let index = makers[tensor.id], let earlier = LinkedUpdate(nodes[index]),
                earlier.results.contains(tensor),
                update.energies == nil || earlier.energies == nil
            else { continue }
            let outside = Set(nodes[index].results.flatMap { readers[$0.id] ?? [] })
                .subtracting(members)
            if !depends(members, on: outside, makers) { return (index, earlier) }
        }
        return nil
    }

    /// Whether a member reads, directly or not, what one of `others` makes.
    private func depends(_ members: Set<Int>, on others: Set<Int>, _ makers: [Int: Int]) -> Bool {
        guard let first = others.min() else { return false }
        var (pending, seen) = (Array(members), members)
        while let index = pending.popLast() {
            if others.contains(index) { return true }
            // Nodes are in order: nothing before the first of `others` reads it.
            guard index > first else { continue }
            for maker in nodes[index].operands.compactMap({ makers[$0.id] })
            where seen.insert(maker).inserted { pending.append(maker) }
        }
        return false
    }
}

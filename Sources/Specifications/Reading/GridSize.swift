extension SpecificationSection {
    /// How many choices the entries span, seeds included, without spreading them out.
    func gridSize(_ entries: [SyntaxTree.Entry]) -> Int {
        entries.reduce(1) { size, item in
            entry(item.key).map { size.saturatingProduct($0.gridSize(item.value)) } ?? size
        }
    }
}

extension SpecificationSection.Entry {
    fileprivate func gridSize(_ tree: SyntaxTree) -> Int {
        switch (type, tree) {
        case (.seeds, .list(let items, _)): return items.count
        case (.seeds, .scalar(let scalar)):
            if case .integer(let count) = scalar.literal { return max(count, 1) }
            return 1
        case (_, .list(let items, _)) where type.isList && !items.contains(where: \.isList):
            return 1
        case (_, .list(let items, _)) where isAxis:
            return items.reduce(0) { $0.saturatingSum(gridSize($1)) }
        case (.named(let section), .map(let entries, _)), (.map(let section), .map(let entries, _)):
            return section.gridSize(entries)
        default: return 1
        }
    }
}

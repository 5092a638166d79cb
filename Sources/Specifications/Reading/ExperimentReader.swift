internal import Datasets

/// From a spec's text to its jobs: syntax, overrides, variants, grid, seeds.
struct ExperimentReader {
    private let source: SourceText
    private var bag = DiagnosticBag()
    private var overrides: [Override] = []
    private let seeds: [Int]?
    private var isDamaged = false
    private var jobs: [JobSpecification] = []
    private var cells: Set<JobSpecification> = []
    private var roots: [DatasetName: (root: DataRoot, place: SourceLocation)] = [:]

    /// The most jobs that one spec may have.
    static let largestGrid = 1_000_000

    init(_ source: SourceText, seeds: [Int]?) {
        self.source = source
        self.seeds = seeds
    }

    mutating func read(overrides texts: [String]) throws(SpecificationError) -> Experiment {
        let parsed = SyntaxTree.parse(source)
        bag.report(contentsOf: parsed.problems)
        isDamaged = parsed.isDamaged
        overrides = texts.compactMap { Override.parse($0, into: &bag) }
        if let document = document(parsed.tree) { read(document) }
        guard bag.isEmpty else { throw SpecificationError(bag.sorted) }
        return Experiment(
            specificationPath: source.name, jobs: jobs, dataRoots: roots.mapValues(\.root))
    }

    private mutating func document(_ tree: SyntaxTree?) -> SyntaxTree? {
        let start = SourceLocation(source: source, line: 1, column: 1)
        switch tree {
        case .map: return tree
        case .scalar, .list:
            bag.report(
                "a spec is a map of keys; found \(tree?.typeName ?? "nothing")",
                at: tree?.location ?? start)
        case nil where !isDamaged:
            let needed = SpecificationSection.document.entries.filter { $0.presence == .required }
            bag.report(
                "the spec is empty; it needs "
                    + needed.map(\.key.rawValue).joined(separator: ", "), at: start)
        case nil: break
        }
        return nil
    }

    // MARK: - Variants

    private mutating func read(_ document: SyntaxTree) {
        let whole = applying(overrides.filter(\.isOnVariants), to: document)
        let variants = self.variants(of: whole)
        let base = whole.without(.variants)
        let later = overrides.filter { !$0.isOnVariants }
        if !variants.isEmpty || !later.isEmpty { readPartially(base) }
        if variants.isEmpty { readCells(applying(later, to: base), from: nil) }
        for variant in variants {
            readCells(applying(later, to: base.merged(with: variant)), from: variant)
        }
    }

    private func applying(_ overrides: [Override], to document: SyntaxTree) -> SyntaxTree {
        overrides.reduce(document) { $0.setting($1.path[...], to: $1.value) }
    }

    private mutating func variants(of document: SyntaxTree) -> [SyntaxTree] {
        guard case .map(let entries, _) = document,
            let entry = entries.first(where: { $0.key == SpecificationKey.variants.rawValue })
        else { return [] }
        guard case .list(let items, _) = entry.value else {
            bag.report(
                "expected a list of maps for 'variants', found \(entry.value.typeName)",
                at: entry.value.location)
            return []
        }
        return items.filter { isVariant($0) }
    }

    private mutating func isVariant(_ item: SyntaxTree) -> Bool {
        guard case .map(let entries, _) = item else {
            bag.report("a variant is a map, not \(item.typeName)", at: item.location)
            return false
        }
        for inner in entries where inner.key == SpecificationKey.variants.rawValue {
            bag.report("a variant has no variants of its own", at: inner.keyLocation)
        }
        return true
    }

    /// Checks what overrides and variants will replace, so that no mistake hides behind them.
    private mutating func readPartially(_ base: SyntaxTree) {
        guard case .map(let entries, let location) = base, isAffordable(entries, at: location)
        else { return }
        var reader = DocumentReader(isPartial: true, isDamaged: isDamaged)
        reader.read(entries, at: location)
        bag.report(contentsOf: reader.reader.bag.sorted)
    }

    // MARK: - Jobs

    private mutating func readCells(_ document: SyntaxTree, from variant: SyntaxTree?) {
        guard case .map(let entries, let location) = document.without(.variants) else { return }
        guard isAffordable(entries, at: variant?.location ?? location) else { return }
        var reader = DocumentReader(isPartial: false, isDamaged: isDamaged)
        reader.read(entries, at: variant?.location ?? location)
        bag.report(contentsOf: reader.reader.bag.sorted)
        note(reader.dataRoots)
        guard bag.isEmpty else { return }
        append(reader.cells(), seeds: seeds ?? reader.seeds, from: variant)
    }

    private mutating func append(
        _ cells: [JobSpecification], seeds: [Int], from variant: SyntaxTree?
    ) {
        jobs.reserveCapacity(jobs.count + cells.count * seeds.count)
        for cell in cells where isNew(cell, from: variant) {
            for seed in seeds { jobs.append(cell.with(seed: seed)) }
        }
    }

    /// Whether no variant before this one has the row. Two that became equal because of an
    /// override are one; two that are written equal are a mistake.
    private mutating func isNew(_ cell: JobSpecification, from variant: SyntaxTree?) -> Bool {
        guard let variant else { return true }
        if cells.insert(cell.withoutNames).inserted { return true }
        if overrides.isEmpty {
            bag.report("this variant repeats rows of one before it", at: variant.location)
        }
        return false
    }

    private mutating func isAffordable(
        _ entries: [SyntaxTree.Entry], at location: SourceLocation
    ) -> Bool {
        let seedKey = SpecificationKey.seeds.rawValue
        let grid = SpecificationSection.document.gridSize(
            seeds == nil ? entries : entries.filter { $0.key != seedKey })
        let size = grid.saturatingProduct(seeds?.count ?? 1).saturatingSum(jobs.count)
        guard size > Self.largestGrid else { return true }
        let count = size == .max ? "more jobs than can be counted" : "\(size) jobs"
        bag.report(
            "the grid has \(count); at most \(Self.largestGrid) are allowed", at: location)
        return false
    }

    private mutating func note(_ found: [(DatasetName, DataRoot, SourceLocation)]) {
        for (name, root, place) in found {
            guard let known = roots[name] else {
                roots[name] = (root, place)
                continue
            }
            if known.root.text != root.text {
                bag.report(
                    "\(name.rawValue) has two roots", at: place,
                    notes: [.init("the other one is given here", at: known.place)])
            }
        }
    }
}

extension Override {
    fileprivate var isOnVariants: Bool { path.first?.key == SpecificationKey.variants.rawValue }
}

extension SyntaxTree {
    fileprivate func without(_ key: SpecificationKey) -> SyntaxTree {
        guard case .map(let entries, let location) = self else { return self }
        return .map(entries.filter { $0.key != key.rawValue }, location)
    }
}

internal import Datasets
internal import Optimizers

/// Reads one document without variants: its grid and its seeds.
struct DocumentReader {
    private(set) var reader: SectionReader
    private(set) var seeds: [Int] = []
    private(set) var dataRoots: [(DatasetName, DataRoot, SourceLocation)] = []
    private(set) var sections: [DocumentSection] = []

    /// The choices of one key of the document.
    struct DocumentSection {
        let key: SpecificationKey
        let choices: [(setting: Setting, value: PlacedValue)]
    }

    init(isPartial: Bool, isDamaged: Bool) {
        reader = SectionReader(isPartial: isPartial, isDamaged: isDamaged)
    }

    /// Reads every key; the mistakes are in the reader's bag.
    mutating func read(_ entries: [SyntaxTree.Entry], at location: SourceLocation) {
        for part in reader.documentParts(entries, at: location) {
            switch part.key {
            case .seeds: seeds = part.choices.first?.value.list ?? []
            case .variants: break
            default: sections.append(section(part))
            }
        }
        check()
    }

    private mutating func section(_ part: SectionReader.Part) -> DocumentSection {
        var choices: [(setting: Setting, value: PlacedValue)] = []
        var first: [Setting: SourceLocation] = [:]
        for choice in part.choices {
            guard let setting = Setting(part.key, choice.value) else { continue }
            // Equal choices of one place come from an axis inside it, reported there.
            if let location = first.updateValue(choice.location, forKey: setting),
                location != choice.location
            {
                reader.bag.report(
                    "the axis '\(part.key.rawValue)' has this value twice", at: choice.location,
                    notes: [.init("first given here", at: location)])
            }
            choices.append((setting, choice))
            noteRoot(of: setting, choice.value)
        }
        return DocumentSection(key: part.key, choices: choices)
    }

    private mutating func noteRoot(of setting: Setting, _ value: SpecificationValue) {
        guard case .dataset(let settings) = setting, case .map(let map) = value,
            let root = map[.root], case .text(let path) = root.value
        else { return }
        let place = root.location
        dataRoots.append(
            (settings.name, DataRoot(text: path, origin: place.description), place))
    }

    /// Jobs before seeds; saturating, so that no grid is too large to be counted.
    var cellCount: Int {
        sections.reduce(1) { $0.saturatingProduct($1.choices.count) }
    }

    /// The grid's cells, the first key changing slowest.
    func cells() -> [JobSpecification] {
        var cells: [JobSpecification] = []
        cells.reserveCapacity(cellCount)
        spread(sections[...], over: JobDraft(), into: &cells)
        return cells
    }

    private func spread(
        _ rest: ArraySlice<DocumentSection>, over draft: JobDraft,
        into cells: inout [JobSpecification]
    ) {
        guard let section = rest.first else {
            if let job = draft.job { cells.append(job) }
            return
        }
        for choice in section.choices {
            var next = draft
            next.apply(choice.setting)
            spread(rest.dropFirst(), over: next, into: &cells)
        }
    }

    // MARK: - Settings that must fit each other

    private mutating func check() {
        guard !reader.isPartial else { return }
        for section in sections {
            for choice in section.choices {
                switch choice.setting {
                case .optimizer(let settings, _): checkOptimizer(settings, choice.value)
                case .parameterGroups: checkGroups(choice.value)
                case .schedule: checkSchedule(choice.value)
                case .pretrained: checkPretrained(choice.value)
                case .table, .label, .dataset, .augmentation, .backbone, .stem, .head,
                    .normalization,
                    .initialization, .gradientCentralization, .labelSmoothing, .quirks, .epochs,
                    .batchSize, .evaluationBatchSize, .replicas, .dropLast, .validation, .precision,
                    .threads:
                    break
                }
            }
        }
        checkPairs(.optimizer, .gradientCentralization, SettingConflict.classAndMode)
        checkPairs(.optimizer, .gradientCentralization, SettingConflict.modeAndOptimizer)
        checkPairs(.normalization, .backbone, SettingConflict.groupsAndChannels)
        checkPairs(.stem, .backbone, SettingConflict.stemAndNetwork)
        checkPairs(.head, .backbone, SettingConflict.headAndNetwork)
        checkPairs(.batchSize, .dataset, SettingConflict.batchAndImages)
        checkPairs(.replicas, .batchSize, SettingConflict.replicasAndBatch)
        checkPairs(.replicas, .dropLast, SettingConflict.replicasAndRest)
        checkPairs(.validation, .dataset, SettingConflict.validationAndImages)
    }

    private mutating func checkOptimizer(_ settings: OptimizerSettings, _ value: PlacedValue) {
        guard case .map(let map) = value.value else { return }
        report(KeyConflict.conflicts(of: settings, map), in: map, of: value)
    }

    private mutating func checkSchedule(_ value: PlacedValue) {
        guard case .map(let map) = value.value else { return }
        report(KeyConflict.conflicts(ofSchedule: map), in: map, of: value)
    }

    private mutating func checkPretrained(_ value: PlacedValue) {
        guard case .map(let map) = value.value else { return }
        report(KeyConflict.conflicts(ofPretrained: map), in: map, of: value)
    }

    private mutating func checkGroups(_ value: PlacedValue) {
        for group in value.value.maps ?? [] {
            guard case .map(let map) = group.value else { continue }
            report(KeyConflict.conflicts(ofGroup: map), in: map, of: group)
            guard let own = map[.optimizer], case .map(let constants) = own.value,
                let settings = OptimizerSettings(constants)
            else { continue }
            checkOptimizer(settings, own)
        }
    }

    private mutating func report(
        _ conflicts: [KeyConflict], in map: [SpecificationKey: PlacedValue], of value: PlacedValue
    ) {
        for conflict in conflicts {
            let causes = conflict.causes.compactMap { map[$0]?.location }
                .filter { $0 != value.location }
            reader.bag.report(
                conflict.message, at: map[conflict.key]?.location ?? value.location,
                allowed: conflict.allowed,
                notes: causes.map { .init("what it depends on is given here", at: $0) })
        }
    }

    private mutating func checkPairs(
        _ first: SpecificationKey, _ second: SpecificationKey,
        _ conflict: (Setting, Setting) -> SettingConflict?
    ) {
        for one in choices(of: first) {
            for other in choices(of: second) {
                guard let conflict = conflict(one.setting, other.setting) else { continue }
                let blamed = conflict.blamesSecond ? other : one
                let noted = conflict.blamesSecond ? one : other
                reader.bag.report(
                    conflict.message, at: blamed.value.location, allowed: conflict.allowed,
                    notes: [.init(conflict.note, at: noted.value.location)])
            }
        }
    }

    private func choices(of key: SpecificationKey) -> [(setting: Setting, value: PlacedValue)] {
        sections.first { $0.key == key }?.choices ?? []
    }
}

extension Int {
    /// The product, or the largest integer where it would be larger.
    func saturatingProduct(_ other: Int) -> Int {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? .max : product
    }

    func saturatingSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

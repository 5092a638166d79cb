import Specifications

/// What `--set` may go on with: dotted paths of keys, and behind the equals sign their values.
struct SettingCandidates {
    let candidates: [String]

    init(_ prefix: String) {
        let paths = Self.paths(in: .document, below: "")
        let assigned = paths.filter { prefix.hasPrefix("\($0.path)=") }
        let matching = assigned.isEmpty ? paths.filter { $0.path.hasPrefix(prefix) } : assigned
        // Values are shown once the path is settled: earlier they would be too many.
        if matching.count == 1, !matching[0].values.isEmpty {
            candidates = matching[0].values.map { "\(matching[0].path)=\($0)" }
                .filter { $0.hasPrefix(prefix) }
        } else {
            candidates = matching.map { "\($0.path)=" }.filter { $0.hasPrefix(prefix) }
        }
    }

    private struct Path {
        let path: String
        let values: [String]
    }

    private static func paths(in section: SpecificationSection, below parent: String) -> [Path] {
        section.entries.flatMap { entry in
            let own = Path(path: parent + entry.key.rawValue, values: values(entry.type))
            let inner = entry.type.section.map { paths(in: $0, below: own.path + ".") } ?? []
            return [own] + inner
        }
    }

    /// The names of a closed list.
    private static func values(_ type: ValueType) -> [String] {
        switch type {
        case .name(let names), .nameOrInteger(let names, _): names
        case .named(let section): section.names
        case .boolean: type.allowed
        case .integer, .number, .text, .path, .risingList, .numbers, .names, .texts, .maps, .map,
            .seeds, .variants:
            []
        }
    }
}

internal import Foundation
internal import Tensors

/// Spec files: found whatever the case of their names, and read with care.
public enum SpecificationFile {
    /// The largest spec that is read, in bytes.
    public static let largestByteCount = 1 << 20

    /// The file that a path means: the path itself where it exists, else the only one whose
    /// components differ from it in nothing but letter case.
    ///
    /// - Throws: ``SpecificationError`` if there is none, with the nearest names of its folder, or
    ///   if several differ in case only.
    public static func locate(_ path: String) throws(SpecificationError) -> String {
        if FileManager.default.fileExists(atPath: path) { return path }
        var candidates = [path.hasPrefix("/") ? "/" : ""]
        for component in path.split(separator: "/").map(String.init) {
            let next = candidates.flatMap { matches(of: component, in: $0) }
            if next.isEmpty {
                throw missing(path, component, in: candidates.first ?? "")
            }
            candidates = next
        }
        guard let found = candidates.first, candidates.count == 1 else {
            throw ambiguous(path, candidates)
        }
        return found
    }

    /// Reads and spreads the spec at a path; see ``locate(_:)`` and
    /// ``Experiment/init(parsing:path:overrides:seeds:)``.
    public static func load(
        _ path: String, overrides: [String] = [], seeds: [Int]? = nil
    ) throws(SpecificationError) -> Experiment {
        let located = try locate(path)
        return try Experiment(
            parsing: read(located), path: located, overrides: overrides, seeds: seeds)
    }

    /// The text of a file.
    ///
    /// - Throws: ``SpecificationError`` for anything but a readable regular UTF-8 file of at most
    ///   ``largestByteCount`` bytes.
    public static func read(_ path: String) throws(SpecificationError) -> String {
        let attributes: [FileAttributeKey: Any]
        let data: Data
        do {
            // Attributes of what a link leads to.
            let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
            attributes = try FileManager.default.attributesOfItem(atPath: target)
            guard attributes[.type] as? FileAttributeType == .typeRegular else {
                throw mistake("is not a file; give the path of a .spec file", path)
            }
            guard (attributes[.size] as? NSNumber)?.intValue ?? 0 <= largestByteCount else {
                throw mistake("is larger than a spec may be (\(largestByteCount) bytes)", path)
            }
            data = try Data(contentsOf: URL(fileURLWithPath: target))
        } catch let error as SpecificationError {
            throw error
        } catch {
            throw mistake("cannot be read: \(error.systemReason)", path)
        }
        return try decode(data, path)
    }

    private static func decode(_ data: Data, _ path: String) throws(SpecificationError) -> String {
        guard let text = String(bytes: data, encoding: .utf8) else {
            let repaired = SourceText(name: path, text: String(decoding: data, as: UTF8.self))
            let line = repaired.lines.firstIndex { $0.contains("\u{FFFD}") } ?? 0
            let before = repaired.lines[line].unicodeScalars.prefix { $0 != "\u{FFFD}" }
            let place = SourceLocation(source: repaired, line: line + 1, column: before.count + 1)
            throw SpecificationError([
                Diagnostic("a spec is UTF-8 text; these bytes are not", at: place)
            ])
        }
        return text
    }

    // MARK: - Names

    private static func matches(of component: String, in folder: String) -> [String] {
        let exact = joined(folder, component)
        if component == "." || component == ".." || FileManager.default.fileExists(atPath: exact) {
            return [exact]
        }
        let folded = component.lowercased()
        return names(in: folder).filter { $0.lowercased() == folded }.map { joined(folder, $0) }
    }

    private static func joined(_ folder: String, _ name: String) -> String {
        folder.isEmpty || folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
    }

    private static func names(in folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: folder.isEmpty ? "." : folder)
        return (names ?? []).sorted()
    }

    private static func mistake(
        _ message: String, _ path: String, nearest: String? = nil, allowed: [String] = []
    ) -> SpecificationError {
        SpecificationError([
            Diagnostic(message, file: path, nearest: nearest, allowed: allowed)
        ])
    }

    private static func missing(
        _ path: String, _ component: String, in folder: String
    ) -> SpecificationError {
        let place = folder.isEmpty ? "this folder" : "'\(folder)'"
        let names = names(in: folder).filter { !$0.hasPrefix(".") }
        let specs = names.filter { $0.hasSuffix(".spec") }
        let shown = specs.isEmpty ? [] : Array(specs.prefix(20))
        return mistake(
            "no such file: there is no '\(component)' in \(place)", path,
            nearest: Spelling.nearest(to: component, among: names).map { joined(folder, $0) },
            allowed: shown.map { joined(folder, $0) })
    }

    private static func ambiguous(_ path: String, _ candidates: [String]) -> SpecificationError {
        mistake(
            "no such file, and several differ from it in letter case only; name one of them", path,
            allowed: candidates)
    }
}

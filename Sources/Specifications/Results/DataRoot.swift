/// The folder of a data set as a spec writes it; `${VAR}` stands for an environment variable.
///
/// It is kept as written and resolved only when data are needed, so that planning needs none.
public struct DataRoot: Hashable, Sendable, Codable {
    public let text: String
    /// Where the spec says so, for messages: `file:line:column`.
    public let origin: String

    public init(text: String, origin: String) {
        self.text = text
        self.origin = origin
    }

    /// The path with every `${VAR}` replaced from `environment`.
    ///
    /// - Throws: ``DataRootError`` for a variable that is unset or empty.
    public func resolved(environment: [String: String]) throws(DataRootError) -> String {
        do {
            return try Self.expanded(text, environment: environment)
        } catch {
            throw DataRootError(variable: error.name, root: self)
        }
    }

    /// A path with every `${VAR}` replaced from `environment`.
    static func expanded(_ text: String, environment: [String: String]) throws(UnsetVariable)
        -> String
    {
        var path = ""
        for part in parts(of: text) {
            switch part {
            case .text(let text): path += text
            case .variable(let name):
                guard let value = environment[name], !value.isEmpty else {
                    throw UnsetVariable(name: name)
                }
                path += value
            }
        }
        return path
    }

    enum Part: Equatable {
        case text(String)
        case variable(String)
    }

    /// Splits a path at its `${VAR}`; what does not close or has no proper name stays text.
    static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var rest = text[...]
        while let range = rest.firstRange(of: "${"),
            let close = rest[range.upperBound...]
                .firstIndex(of: "}")
        {
            if range.lowerBound > rest.startIndex {
                parts.append(.text(String(rest[..<range.lowerBound])))
            }
            parts.append(.variable(String(rest[range.upperBound..<close])))
            rest = rest[rest.index(after: close)...]
        }
        return rest.isEmpty ? parts : parts + [.text(String(rest))]
    }

    /// What is wrong with the variables of a path, or nil.
    static func flaw(in text: String) -> String? {
        for part in parts(of: text) {
            switch part {
            case .text(let text):
                if text.contains("${") { return "'${' is never closed: write ${NAME}" }
            case .variable(let name):
                guard isVariableName(name) else {
                    return "'${\(name)}' is not a variable: write ${NAME}"
                }
            }
        }
        return nil
    }

    private static func isVariableName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(48...57).contains(first) else { return false }
        return name.utf8.allSatisfy {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95
        }
    }
}

/// A variable of a path that is unset or empty.
public struct UnsetVariable: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public var description: String { "the environment variable \(name) is not set" }
}

/// A variable of a data path that is not set.
public struct DataRootError: Error, Hashable, Sendable, CustomStringConvertible {
    public let variable: String
    public let root: DataRoot

    public var description: String {
        "\(root.origin): error: the environment variable \(variable) of the path '\(root.text)' "
            + "is not set; set it, or give the folder with --data NAME=PATH"
    }
}

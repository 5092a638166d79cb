import Graphs
import Tensors

/// What keeps a file of weights from being those of a network.
public struct WeightsMismatch: Error, Hashable, Sendable, CustomStringConvertible {
    let missing: [String]
    let misshapen: [Shapes]
    let unexpected: [String]

    struct Shapes: Hashable, Sendable, CustomStringConvertible {
        let name: String
        let inFile: Shape
        let inNetwork: Shape

        /// nil where the shapes are the same or the tensor is missing.
        init?(_ variable: Variable, _ name: String?, _ file: [String: Shape]) {
            guard let name, let shape = file[name], shape != variable.spec.shape else { return nil }
            self.name = name
            inFile = shape
            inNetwork = variable.spec.shape
        }

        var description: String { "\(name) is \(inFile), not \(inNetwork)" }
    }

    var isEmpty: Bool { missing.isEmpty && misshapen.isEmpty && unexpected.isEmpty }

    public var description: String {
        [
            Self.line("missing", missing), Self.line("mis-shaped", misshapen.map(\.description)),
            Self.line("unexpected", unexpected),
        ].compactMap(\.self).joined(separator: "\n")
    }

    /// More names than this say nothing that the first ones do not.
    private static let shownCount = 6

    private static func line(_ what: String, _ names: [String]) -> String? {
        guard !names.isEmpty else { return nil }
        let rest = names.count - shownCount
        return "  \(names.count) \(what): " + names.prefix(shownCount).joined(separator: ", ")
            + (rest > 0 ? " and \(rest) more" : "")
    }
}

/// A file of weights that are not those of the network.
public struct MisfittingWeights: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    public let mismatch: WeightsMismatch

    public init(path: String, mismatch: WeightsMismatch) {
        self.path = path
        self.mismatch = mismatch
    }

    public var description: String {
        "\(path): the weights are not those of the spec's network:\n\(mismatch)"
    }
}

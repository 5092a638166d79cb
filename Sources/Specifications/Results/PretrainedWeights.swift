/// The file of weights that a job starts from, as a spec writes it; `${VAR}` in its path stands for
/// an environment variable.
///
/// The file is looked for only when a job runs, so that planning and smoke runs need none.
public struct PretrainedWeights: Hashable, Sendable, Codable, CustomStringConvertible {
    /// As written.
    public let path: String
    /// What the digest of the weights starts with, in lower case; nil where any weights will do.
    public let digest: String?
    /// Whether the classifier starts anew also where the number of classes agrees. Where it does
    /// not agree there is no choice.
    public let replacesClassifier: Bool

    public init(path: String, digest: String? = nil, replacesClassifier: Bool = false) {
        self.path = path
        self.digest = digest
        self.replacesClassifier = replacesClassifier
    }

    /// The path with every `${VAR}` replaced from `environment`.
    public func resolvedPath(environment: [String: String]) throws(UnsetVariable) -> String {
        try DataRoot.expanded(path, environment: environment)
    }

    public var description: String {
        path + (replacesClassifier ? " with a new classifier" : "")
    }

    /// What stands for the weights in a job's id as long as nobody has read them.
    var declaredIdentity: String { digest.map { "declared:\($0)" } ?? "declared:\(path)" }
}

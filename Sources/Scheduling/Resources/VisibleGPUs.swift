/// `CUDA_VISIBLE_DEVICES`: the GPUs that a process sees, in the order in which it counts them.
public struct VisibleGPUs: Hashable, Sendable {
    /// Nil where every GPU is seen.
    private let names: [String]?

    public init(_ text: String?) {
        names = text.map { list in
            list.split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
                .map(String.init)
        }
    }

    /// What to call GPU `index` of this process in a child's environment.
    public subscript(index: Int) -> String {
        guard let names else { return "\(index)" }
        return names.indices.contains(index) ? names[index] : "\(index)"
    }
}

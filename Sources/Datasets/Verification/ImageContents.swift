/// The contents of a data set's images, by their digests: which are there twice.
struct ImageContents: Sendable {
    struct Image: Hashable, Sendable {
        let split: Split
        let index: Int
        let label: Int
        /// How messages call it.
        let name: String
    }

    private var images: [String: [Image]] = [:]

    mutating func add(_ image: Image, digest: String) { images[digest, default: []].append(image) }

    /// Groups of images that are equal byte for byte, in the order of their first image.
    private var groups: [[Image]] {
        images.values.filter { $0.count > 1 }
            .sorted { ($0[0].split == .training ? 0 : 1, $0[0].index)
                < ($1[0].split == .training ? 0 : 1, $1[0].index) }
    }

    /// What a person should know of them; most real sets have a few.
    var notes: [String] {
        let groups = groups
        guard !groups.isEmpty else { return [] }
        let across = groups.filter { Set($0.map(\.split)).count > 1 }
        let contradictory = groups.filter { Set($0.map(\.label)).count > 1 }
        return [
            note("images are there more than once", groups),
            note("images are in training and in the test", across),
            note("images have more than one class", contradictory),
        ].compactMap(\.self)
    }

    private func note(_ text: String, _ groups: [[Image]]) -> String? {
        guard let first = groups.first else { return nil }
        return "\(groups.count) \(text), such as \(first.map(\.name).joined(separator: " = "))"
    }
}

import Foundation
import Pickles
import Tensors

/// The named tensors of a file, on their way to the names of a network.
struct StateDictionary {
    private(set) var tensors: [String: HostTensor]
    private(set) var notes: [String] = []

    init(safetensors bytes: [UInt8]) throws(WeightsProblem) {
        do {
            tensors = try Safetensors(decoding: Data(bytes)).tensors
        } catch {
            throw .safetensors(error)
        }
    }

    /// - Throws: `content` for a file without tensors, or whose tensors are not the numbers of a
    ///   network.
    init(torch archive: TorchArchive) throws(WeightsProblem) {
        let pickle = archive.pickle
        guard let root = pickle.entries(pickle.root) else {
            throw .content("holds no dictionary of tensors; save model.state_dict()")
        }
        let (entries, key) = try Self.tensorEntries(root, in: pickle)
        if let key { notes.append("took the weights under '\(key)'") }
        tensors = [:]
        var elementCount = 0
        for (name, value) in entries {
            guard let tensor = pickle.tensor(value) else { continue }
            tensors[name] = try archive.tensor(tensor, name: name, elementCount: &elementCount)
        }
    }

    private typealias Entries = [(key: String, value: Pickle.Value)]

    /// Where training scripts put the state dict among epoch numbers and optimizer state.
    private static let containers = [
        "state_dict", "model", "model_state_dict", "net", "state_dict_ema", "model_ema",
    ]

    private static func tensorEntries(_ root: Entries, in pickle: Pickle)
        throws(WeightsProblem) -> (Entries, key: String?)
    {
        if root.contains(where: { pickle.tensor($0.value) != nil && !isMeasure($0.key) }) {
            return (root, nil)
        }
        for key in containers {
            guard let value = root.last(where: { $0.key == key })?.value,
                let entries = pickle.entries(value),
                entries.contains(where: { pickle.tensor($0.value) != nil })
            else { continue }
            return (entries, key)
        }
        let keys = root.prefix(10).map(\.key).joined(separator: ", ")
        throw .content(
            "holds no tensors at its top nor under \(containers.joined(separator: ", ")); "
                + "there are \(keys.isEmpty ? "no keys" : keys)")
    }

    /// Scripts keep their best accuracy beside the weights, as a tensor.
    private static func isMeasure(_ key: String) -> Bool {
        !key.contains(".") && (key.contains("acc") || key.contains("best") || key.contains("epoch"))
    }

    // MARK: - Names

    /// What wrappers of a network put before every name: DataParallel, `torch.compile`.
    private static let prefixes = ["module.", "_orig_mod."]

    /// Takes away prefixes that all names have.
    mutating func removePrefixes() {
        while let prefix = Self.prefixes.first(where: isCommon) {
            tensors = Dictionary(
                uniqueKeysWithValues: tensors.map {
                    (String($0.key.dropFirst(prefix.count)), $0.value)
                })
            notes.append("took '\(prefix)' off every name")
        }
    }

    private func isCommon(_ prefix: String) -> Bool {
        !tensors.isEmpty && tensors.keys.allSatisfy { $0.hasPrefix(prefix) }
    }
}

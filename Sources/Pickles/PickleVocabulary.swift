/// What a pickle may hold; everything else is refused by name.
public enum PickleVocabulary: Hashable, Sendable {
    /// Lists, dictionaries, tuples, strings, integers and numpy uint8 arrays: a CIFAR file.
    case imageArrays
    /// Lists, dictionaries, tuples, strings, numbers and PyTorch tensors: a file of weights.
    case tensors

    func allows(_ opcode: PickleOpcode) -> Bool {
        switch self {
        case .imageArrays: opcode != .binFloat && opcode != .binPersistentId
        case .tensors: true
        }
    }

    func allows(_ callable: PickleCallable) -> Bool {
        switch callable {
        case .reconstruct, .arrayClass, .dtype, .encode, .fromBuffer: self == .imageArrays
        case .orderedDictionary, .rebuildTensor, .rebuildParameter, .storage, .size, .device,
            .scalarFormat:
            self == .tensors
        }
    }

    /// More containers than any honest file has, by far: CIFAR files have a few, the weights of a
    /// network six per tensor, and an optimizer may keep some more of each.
    var largestObjectCount: Int {
        switch self {
        case .imageArrays: 1 << 16
        case .tensors: 1 << 18
        }
    }

    /// More stacked or contained values than any honest file has (CIFAR: three per image; weights:
    /// some thirty per tensor).
    var largestValueCount: Int {
        switch self {
        case .imageArrays, .tensors: 1 << 20
        }
    }

    /// How many containers may be open inside each other.
    var largestDepth: Int {
        switch self {
        case .imageArrays, .tensors: 64
        }
    }

    /// What is read, for messages.
    var words: String {
        switch self {
        case .imageArrays: "lists, dictionaries, strings, integers and uint8 arrays"
        case .tensors: "lists, dictionaries, strings, numbers and tensors"
        }
    }
}

/// The named things that a pickle may refer to. Calling them is interpreted here; nothing is
/// imported and nothing is run.
enum PickleCallable: Hashable {
    // numpy's arrays.

    /// Makes an empty numpy array that `BUILD` then fills.
    case reconstruct
    case arrayClass
    case dtype
    /// Text to bytes: how Python 3 writes bytes under protocol 2.
    case encode
    /// Makes a numpy array of bytes: how numpy pickles under protocol 5.
    case fromBuffer

    // PyTorch's dictionaries of tensors.

    case orderedDictionary
    /// Makes a view of a storage.
    case rebuildTensor
    /// Marks a tensor as trained, which is all the same here.
    case rebuildParameter
    /// The class of a storage says what its numbers are.
    case storage(PickleElement)
    case size
    case device
    /// `torch.float32` and the like, as a value.
    case scalarFormat

    init?(module: String, attribute: String) {
        switch (module, attribute) {
        case ("numpy.core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "_reconstruct"):
            self = .reconstruct
        case ("numpy", "ndarray"): self = .arrayClass
        case ("numpy", "dtype"): self = .dtype
        case ("_codecs", "encode"): self = .encode
        case ("numpy.core.numeric", "_frombuffer"), ("numpy._core.numeric", "_frombuffer"):
            self = .fromBuffer
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("torch", "device"): self = .device
        case ("torch", let name):
            if let element = PickleElement(storageClass: name) {
                self = .storage(element)
            } else if PickleElement(rawValue: name) != nil {
                self = .scalarFormat
            } else {
                return nil
            }
        case (_, _): return nil
        }
    }
}

/// The formats of PyTorch's numbers, under PyTorch's names.
package enum PickleElement: String, Hashable, Sendable, CaseIterable {
    case float64
    case float32
    case float16
    case bfloat16
    case int64
    case int32
    case int16
    case int8
    case uint8
    case bool

    package var byteCount: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }

    /// The element of a `torch.FloatStorage` and its siblings.
    init?(storageClass name: String) {
        guard let element = Self.allCases.first(where: { $0.storageClass == name }) else {
            return nil
        }
        self = element
    }

    private var storageClass: String {
        switch self {
        case .float64: "DoubleStorage"
        case .float32: "FloatStorage"
        case .float16: "HalfStorage"
        case .bfloat16: "BFloat16Storage"
        case .int64: "LongStorage"
        case .int32: "IntStorage"
        case .int16: "ShortStorage"
        case .int8: "CharStorage"
        case .uint8: "ByteStorage"
        case .bool: "BoolStorage"
        }
    }
}

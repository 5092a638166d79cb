/// A pickled document of plain data: what its ``PickleVocabulary`` lists, and nothing else.
///
/// Strings, bytes and arrays stay in the file's own bytes; containers lie in one flat table and
/// refer to each other by number. So neither cycles nor depth cost anything, memory is bounded by
/// the length of the file, and nothing is ever executed.
package struct Pickle: Sendable {
    /// A value: small, and itself without other values.
    package enum Value: Hashable, Sendable {
        case none
        case boolean(Bool)
        case integer(Int)
        case real(Double)
        /// UTF-8, as a range of the file's bytes.
        case text(Range<Int>)
        /// A range of the file's bytes.
        case bytes(Range<Int>)
        /// A number in the table of objects.
        case object(Int)
        case callable(PickleName)
    }

    /// A named thing that a pickle may refer to, opaque outside of the machine.
    package struct PickleName: Hashable, Sendable {
        let callable: PickleCallable
    }

    enum Object: Hashable, Sendable {
        case list([Value])
        case tuple([Value])
        case dictionary(keys: [Value], values: [Value])
        /// Bytes that are not in the file as such.
        case bytes([UInt8])
        /// numpy's unsigned byte, the only element there is.
        case elementType
        /// nil until it is filled.
        case array(Array?)
        case storage(Storage)
        case tensor(Tensor)
    }

    /// A numpy array of bytes.
    package struct Array: Hashable, Sendable {
        package let shape: [Int]
        /// True where the first index runs fastest.
        let isColumnMajor: Bool
        let storage: Value
    }

    /// Numbers of one format that lie outside of the pickle.
    package struct Storage: Hashable, Sendable {
        /// What the container of the pickle calls it.
        package let key: String
        package let element: PickleElement
        package let count: Int
    }

    /// A view of a storage: the element at index i lies at `offset + Σ strides[k] · i[k]`, which is
    /// never outside of the storage.
    package struct Tensor: Hashable, Sendable {
        package let storage: Storage
        package let offset: Int
        package let shape: [Int]
        package let strides: [Int]
    }

    private let file: [UInt8]
    private let objects: [Object]
    package let root: Value

    /// Reads a document.
    ///
    /// - Throws: `PickleError` for anything that is damaged or not plain data.
    package init(_ bytes: [UInt8], holding vocabulary: PickleVocabulary) throws(PickleError) {
        var machine = PickleMachine(bytes, vocabulary: vocabulary)
        root = try machine.run()
        file = bytes
        objects = machine.objects
    }
}

// MARK: - Looking at the document

extension Pickle {
    /// The value under a string of the root dictionary, the last one where it is there twice.
    package func value(forKey key: String) -> Value? {
        guard case .object(let root) = root, case .dictionary(let keys, let values) = objects[root]
        else { return nil }
        let index = keys.lastIndex { stringBytes($0)?.elementsEqual(key.utf8) ?? false }
        return index.map { values[$0] }
    }

    package func list(_ value: Value) -> [Value]? {
        guard case .object(let index) = value, case .list(let elements) = objects[index] else {
            return nil
        }
        return elements
    }

    /// The entries of a dictionary whose keys are text, in their order; nil for anything else.
    package func entries(_ value: Value) -> [(key: String, value: Value)]? {
        guard case .object(let index) = value,
            case .dictionary(let keys, let values) = objects[index]
        else { return nil }
        let texts = keys.map { key in
            stringBytes(key).flatMap { String(validating: $0, as: UTF8.self) }
        }
        guard !texts.contains(nil) else { return nil }
        return zip(texts.compactMap(\.self), values).map { (key: $0, value: $1) }
    }

    package func tensor(_ value: Value) -> Tensor? {
        guard case .object(let index) = value, case .tensor(let tensor) = objects[index] else {
            return nil
        }
        return tensor
    }

    package func array(_ value: Value) -> Array? {
        guard case .object(let index) = value, case .array(let array) = objects[index] else {
            return nil
        }
        return array
    }

    /// The bytes of a text or of bytes.
    package func stringBytes(_ value: Value) -> ArraySlice<UInt8>? {
        switch value {
        case .text(let range), .bytes(let range): file[range]
        case .object(let index):
            if case .bytes(let bytes) = objects[index] { bytes[...] } else { nil }
        case .none, .boolean, .integer, .real, .callable: nil
        }
    }

    /// The elements of an array in row-major order.
    package func elements(of array: Array) -> [UInt8] {
        let stored = stringBytes(array.storage) ?? []
        guard array.isColumnMajor, array.shape.count == 2 else { return .init(stored) }
        let (rows, columns) = (array.shape[0], array.shape[1])
        return .init(unsafeUninitializedCapacity: stored.count) { result, count in
            for row in 0..<rows {
                for column in 0..<columns {
                    result[row * columns + column] =
                        stored[stored.startIndex + column * rows + row]
                }
            }
            count = stored.count
        }
    }
}

package import Pickles
import Tensors

/// A file of PyTorch 1.6 or later: a ZIP archive with `data.pkl`, which describes tensors, and an
/// entry `data/KEY` with the bytes of each storage.
///
/// *Reference:* PyTorch, `torch/serialization.py` and `caffe2/serialize/inline_container.h`.
package struct TorchArchive {
    package let pickle: Pickle
    private let archive: ZipArchive
    /// The folder of all entries.
    private let folder: String

    private static let pickleName = "/data.pkl"

    package init(_ bytes: [UInt8], _ checksums: ZipChecksums) throws(WeightsProblem) {
        archive = try ZipArchive(bytes, checksums)
        let pickles = archive.names.filter { $0.hasSuffix(Self.pickleName) }
        guard let name = pickles.first, pickles.count == 1 else {
            throw .content("is a ZIP archive without a data.pkl, so not one of PyTorch's")
        }
        folder = String(name.dropLast(Self.pickleName.count))
        guard !archive.names.contains(folder + "/constants.pkl") else {
            throw .content(
                "is a TorchScript module, which holds code; save model.state_dict() instead")
        }
        try Self.checkByteOrder(archive, folder: folder)
        let entry = try archive.contents(of: name)
        do {
            pickle = try Pickle(Array(entry), holding: .tensors)
        } catch {
            throw .pickle(error.moved(by: entry.startIndex))
        }
    }

    private static func checkByteOrder(_ archive: ZipArchive, folder: String)
        throws(WeightsProblem)
    {
        let name = folder + "/byteorder"
        guard archive.names.contains(name) else { return }
        guard try archive.contents(of: name).elementsEqual("little".utf8) else {
            throw .content("was written by a big-endian machine; save it again on another")
        }
    }

    /// The numbers of a view, dense and in row-major order.
    ///
    /// - Parameter elementCount: how many elements were made before. Views may overlap, and honest
    ///   files have fewer elements than bytes; this keeps memory in proportion to the file.
    func tensor(_ view: Pickle.Tensor, name: String, elementCount: inout Int)
        throws(WeightsProblem) -> HostTensor
    {
        let storage = try bytes(of: view.storage, tensor: name)
        guard let count = view.elementCount(atMost: archive.byteCount - elementCount) else {
            throw .content("its tensors up to '\(name)' have more elements than the file has bytes")
        }
        elementCount += count
        let elements = view.rowMajorElements(of: storage)
        return try tensor(
            elements[...], Shape(view.shape), view.storage.element, name: name)
    }

    private func bytes(of storage: Pickle.Storage, tensor: String) throws(WeightsProblem)
        -> ArraySlice<UInt8>
    {
        let name = "\(folder)/data/\(storage.key)"
        guard archive.names.contains(name) else {
            throw .content("'\(tensor)' lies in '\(name)', which is not in the archive")
        }
        let bytes = try archive.contents(of: name)
        guard bytes.count == storage.count * storage.element.byteCount else {
            throw .archive(
                "'\(name)' has \(bytes.count) bytes, not \(storage.count) elements of "
                    + storage.element.rawValue, at: bytes.startIndex)
        }
        return bytes
    }

    private func tensor(
        _ bytes: ArraySlice<UInt8>, _ shape: Shape, _ element: PickleElement, name: String
    ) throws(WeightsProblem) -> HostTensor {
        switch element {
        case .float16: HostTensor(HalfPrecision.floats(bytes), shape: shape)
        case .float64: HostTensor(spec: TensorSpec(shape, .float64), bytes: Array(bytes))
        case .float32: HostTensor(spec: TensorSpec(shape, .float32), bytes: Array(bytes))
        case .bfloat16: HostTensor(spec: TensorSpec(shape, .bfloat16), bytes: Array(bytes))
        case .int64: HostTensor(spec: TensorSpec(shape, .int64), bytes: Array(bytes))
        case .int32: HostTensor(spec: TensorSpec(shape, .int32), bytes: Array(bytes))
        case .uint8, .bool: HostTensor(spec: TensorSpec(shape, .uint8), bytes: Array(bytes))
        case .int16, .int8:
            throw .content("'\(name)' is of \(element.rawValue), in which no network is saved")
        }
    }
}

extension Pickle.Tensor {
    /// The number of elements; nil where there are more than `limit`.
    fileprivate func elementCount(atMost limit: Int) -> Int? {
        var count = 1
        if shape.contains(0) { return 0 }
        for extent in shape {
            let (product, overflows) = count.multipliedReportingOverflow(by: extent)
            guard !overflows, product <= limit else { return nil }
            count = product
        }
        return count <= limit ? count : nil
    }

    /// The bytes of the elements, the last index running fastest.
    fileprivate func rowMajorElements(of storage: ArraySlice<UInt8>) -> [UInt8] {
        let size = self.storage.element.byteCount
        let count = shape.reduce(1, *)
        let start = storage.startIndex + offset * size
        if count == 0 { return [] }
        if isRowMajor { return Array(storage[start..<start + count * size]) }
        var elements: [UInt8] = []
        elements.reserveCapacity(count * size)
        var index = Array(repeating: 0, count: shape.count)
        for _ in 0..<count {
            let place = start + size * zip(index, strides).reduce(0) { $0 + $1.0 * $1.1 }
            elements += storage[place..<place + size]
            advance(&index)
        }
        return elements
    }

    private func advance(_ index: inout [Int]) {
        for axis in shape.indices.reversed() {
            index[axis] += 1
            if index[axis] < shape[axis] { return }
            index[axis] = 0
        }
    }

    /// Whether the elements lie one after the other; the stride of an extent of 1 says nothing.
    private var isRowMajor: Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            expected *= extent
        }
        return true
    }
}

public import Foundation

extension Safetensors {
    /// Reads a whole file from memory.
    ///
    /// Throws ``SafetensorsError/Problem`` for anything that the format does not allow: a header
    /// that is not exactly its JSON, repeated names, offsets that leave gaps, overlap or do not fit
    /// the shape, bytes before or after the tensors.
    public init(decoding file: Data) throws(SafetensorsError.Problem) {
        let bytes = [UInt8](file)
        guard bytes.count >= 8 else { throw .tooShort(byteCount: bytes.count) }
        let length = bytes[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard length <= Self.largestHeader, length <= bytes.count - 8 else {
            throw .headerLength(length, byteCount: bytes.count)
        }
        var reader = SafetensorsHeaderReader(Array(bytes[8..<8 + Int(length)]))
        let header = try reader.read()
        let data = bytes[(8 + Int(length))...]
        try Self.checkCoverage(header.entries, of: data.count)
        var tensors: [String: HostTensor] = [:]
        for entry in header.entries {
            let range = (data.startIndex + entry.start)..<(data.startIndex + entry.end)
            tensors[entry.name] = try entry.tensor(data[range])
        }
        self.init(tensors, metadata: header.metadata)
    }

    /// Every byte of the data belongs to exactly one tensor.
    private static func checkCoverage(_ entries: [SafetensorsHeader.Entry], of byteCount: Int)
        throws(SafetensorsError.Problem)
    {
        var end = 0
        for entry in entries.sorted(by: { ($0.start, $0.end) < ($1.start, $1.end) }) {
            guard entry.end >= entry.start, entry.end <= byteCount else {
                throw .layout(
                    "'\(entry.name)' lies at \(entry.start)..<\(entry.end) of \(byteCount) bytes")
            }
            guard entry.start == end else {
                let fault = entry.start < end ? "overlaps the tensor before" : "leaves a gap before"
                throw .layout("'\(entry.name)' \(fault) it: \(entry.start), not \(end)")
            }
            end = entry.end
        }
        guard end == byteCount else {
            throw .layout("\(byteCount - end) bytes after the last tensor belong to none")
        }
    }
}

/// The JSON at the start of a file.
struct SafetensorsHeader {
    struct Entry {
        let name: String
        let format: String
        let dimensions: [Int]
        /// The first byte of the data, and the one after the last.
        let start: Int
        let end: Int

        /// The tensor, if it takes exactly the bytes from `start` to `end`. Half precision, in which
        /// nothing is computed, is widened to float32.
        func tensor(_ bytes: ArraySlice<UInt8>) throws(SafetensorsError.Problem) -> HostTensor {
            if format == HalfPrecision.safetensorsName {
                let shape = try shape(elementByteCount: HalfPrecision.byteCount)
                return HostTensor(HalfPrecision.floats(bytes), shape: shape)
            }
            guard let type = ScalarType(safetensorsName: format) else {
                throw .unknownFormat(format, tensor: name)
            }
            let shape = try shape(elementByteCount: type.byteCount)
            return HostTensor(spec: TensorSpec(shape, type), bytes: Array(bytes))
        }

        private func shape(elementByteCount: Int) throws(SafetensorsError.Problem) -> Shape {
            var byteCount = elementByteCount
            for extent in dimensions {
                let (product, overflows) = byteCount.multipliedReportingOverflow(by: extent)
                guard !overflows else { throw .impossibleShape(tensor: name) }
                byteCount = product
            }
            guard byteCount == end - start else {
                throw .span(tensor: name, takes: byteCount, spans: "[\(start), \(end)]")
            }
            return Shape(dimensions)
        }
    }

    var entries: [Entry] = []
    var metadata: [String: String] = [:]
}

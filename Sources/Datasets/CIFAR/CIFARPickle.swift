import Pickles

/// The official python format: a pickled dictionary with `data`, a uint8 array `[N, 3072]`, and a
/// list of labels.
package enum CIFARPickle {
    /// Appends the rows of a file.
    ///
    /// - Parameter path: named in errors.
    /// - Throws: `refusedPickle` for a pickle with anything but plain values, `unexpectedContent`
    ///   when it is no CIFAR batch, `labelOutOfRange` for a label that no class has.
    package static func read(
        _ bytes: [UInt8], path: String, variant: CIFARVariant, into rows: inout CIFARRows
    ) throws(DatasetError) {
        let pickle = try open(bytes, path: path)
        guard let value = pickle.value(forKey: "data"), let array = pickle.array(value),
            array.shape.count == 2, array.shape[0] > 0, array.shape[1] == CIFARVariant.pixelCount
        else {
            throw .unexpectedContent(
                path: path, reason: "`data` is not a uint8 array of rows of 3072 pixels")
        }
        let labels = try labels(of: pickle, path: path, variant: variant)
        guard labels.count == array.shape[0] else {
            throw .unexpectedContent(
                path: path, reason: "\(labels.count) labels for \(array.shape[0]) images")
        }
        rows.labels += labels
        rows.pixels += pickle.elements(of: array)
    }

    private static func open(_ bytes: [UInt8], path: String) throws(DatasetError) -> Pickle {
        do {
            return try Pickle(bytes, holding: .imageArrays)
        } catch {
            throw .refusedPickle(path: path, error)
        }
    }

    private static func labels(
        of pickle: Pickle, path: String, variant: CIFARVariant
    ) throws(DatasetError) -> [UInt16] {
        guard let value = pickle.value(forKey: variant.labelKey), let list = pickle.list(value)
        else {
            throw .unexpectedContent(
                path: path, reason: "there is no list `\(variant.labelKey)`")
        }
        var labels: [UInt16] = []
        for (row, element) in list.enumerated() {
            guard case .integer(let label) = element else {
                throw .unexpectedContent(
                    path: path, reason: "label \(row) of `\(variant.labelKey)` is no integer")
            }
            guard (0..<variant.classCount).contains(label) else {
                throw .labelOutOfRange(
                    path: path, row: row, label: label, classCount: variant.classCount)
            }
            labels.append(UInt16(label))
        }
        return labels
    }
}

/// Photos of a folder with their classes: what a reader of a data set lists, before any is opened.
///
/// A million paths as strings would take a hundred bytes each; they lie one behind the other instead.
public struct PhotoList: Hashable, Sendable {
    /// The folder that the paths start from.
    public let folder: String
    private var paths: [UInt8] = []
    private var starts: [Int] = []
    private var labels: [Int32] = []
    private var byteCounts: [Int] = []

    public init(folder: String) { self.folder = folder }

    /// - Parameters:
    ///   - path: relative to the folder.
    ///   - label: the number of the photo's class.
    public mutating func append(path: String, label: Int, byteCount: Int) {
        starts.append(paths.count)
        paths.append(contentsOf: path.utf8)
        paths.append(0)
        labels.append(Int32(label))
        byteCounts.append(byteCount)
    }

    public var count: Int { labels.count }

    public func label(at index: Int) -> Int { Int(labels[index]) }
    public func byteCount(at index: Int) -> Int { byteCounts[index] }

    public func path(at index: Int) -> String {
        withPath(at: index) { String(cString: $0) }
    }

    /// The path relative to the folder, as the system takes it.
    func withPath<Result>(at index: Int, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        paths.withUnsafeBytes { bytes in
            let all = bytes.bindMemory(to: CChar.self)
            return body(all.baseAddress.unsafelyUnwrapped + starts[index])
        }
    }

    /// The list without the photos at these places.
    func without(_ places: Set<Int>) -> PhotoList {
        var list = PhotoList(folder: folder)
        for index in 0..<count where !places.contains(index) {
            list.append(
                path: path(at: index), label: label(at: index), byteCount: byteCount(at: index))
        }
        return list
    }

    /// Adds size and path of every photo, as a manifest writes them.
    func add(to digest: inout ManifestDigest) {
        for index in 0..<count {
            digest.add(path: path(at: index), byteCount: byteCount(at: index))
        }
    }
}

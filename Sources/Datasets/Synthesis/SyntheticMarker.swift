import Foundation

/// The file that says that the images beside it are drawn. It lies in the data folder and in every
/// folder above it that the synthesis made, so that the images are never taken for real ones,
/// whichever of them is given.
public struct SyntheticMarker: Hashable, Sendable, Codable {
    public static let fileName = "gc-bench-synthetic.json"

    public let dataset: DatasetName
    public let training: Int
    public let test: Int
    public let seed: UInt64

    /// The marker of a data folder, or of the folder that was given for it.
    ///
    /// A marker that cannot be read still marks: its bytes say that something was drawn here.
    static func covers(_ folders: String...) -> SyntheticMarker.Finding? {
        for folder in folders {
            let path = Files.join(folder, fileName)
            guard Files.exists(path) else { continue }
            let data = FileManager.default.contents(atPath: path) ?? Data()
            let marker = try? JSONDecoder().decode(SyntheticMarker.self, from: data)
            return Finding(seed: marker?.seed)
        }
        return nil
    }

    struct Finding: Hashable {
        /// nil where the marker is damaged.
        let seed: UInt64?
    }

    func write(to folder: String) throws(DatasetError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        let path = Files.join(folder, Self.fileName)
        do {
            try Files.write(Array(encoder.encode(self)) + [UInt8(ascii: "\n")], to: path)
        } catch let error as DatasetError {
            throw error
        } catch { throw .unwritableFile(path: path, reason: "\(error)") }
    }
}

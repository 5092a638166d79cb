import Foundation
import Tensors
import Weights

/// The files that `Tests/Goldens/weights.py` made.
enum WeightSamples {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Goldens/weights")

    static func path(_ name: String) -> String { folder.appending(path: name).path }

    static func read(_ name: String) throws -> WeightsFile { try WeightsFile(path: path(name)) }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }
}

import Datasets
import Foundation

/// Tiny CIFAR files: row `r` has label `3r mod 10` and pixels `r, r + 1, …` modulo 251.
enum CIFARSamples {
    static func pixels(row: Int) -> [UInt8] { (0..<3_072).map { UInt8(($0 + row) % 251) } }
    static func label(row: Int) -> UInt8 { UInt8(3 * row % 10) }

    static func binary(_ rows: Range<Int>, coarse: Bool = false) -> [UInt8] {
        rows.flatMap { (coarse ? [UInt8(4)] : []) + [label(row: $0)] + pixels(row: $0) }
    }

    /// As Python 2's cPickle and numpy 1 wrote it.
    static func pickle(_ rows: Range<Int>, labels key: String = "labels") -> [UInt8] {
        var bytes: [UInt8] = [0x80, 2, 0x7D, 0x28]
        bytes += string("data") + Array("cnumpy.core.multiarray\n_reconstruct\n".utf8)
        bytes += Array("cnumpy\nndarray\n".utf8) + [0x4B, 0, 0x85] + string("b") + [0x87, 0x52]
        bytes += [0x28, 0x4B, 1, 0x4B, UInt8(rows.count), 0x4D, 0, 12, 0x86]
        bytes += Array("cnumpy\ndtype\n".utf8) + string("u1") + [0x4B, 0, 0x4B, 1, 0x87, 0x52]
        bytes += [0x28, 0x4B, 3] + string("|") + [0x4E, 0x4E, 0x4E]
        bytes += [0x4A, 255, 255, 255, 255, 0x4A, 255, 255, 255, 255, 0x4B, 0, 0x74, 0x62, 0x89]
        let count = 3_072 * rows.count
        bytes += [0x54] + (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
        bytes += rows.flatMap(pixels(row:)) + [0x74, 0x62]
        bytes += string(key) + [0x5D, 0x28]
        bytes += rows.flatMap { [0x4B, label(row: $0)] } + [0x65, 0x75, 0x2E]
        return bytes
    }

    private static func string(_ text: String) -> [UInt8] {
        [0x55, UInt8(text.utf8.count)] + Array(text.utf8)
    }

    static let tenNames = (1...5).map { "data_batch_\($0)" } + ["test_batch"]

    /// A complete CIFAR-10 folder: two rows per file, counted on from file to file.
    static func tenBinary() -> [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: tenNames.enumerated().map { file, name in
                (name + ".bin", binary(2 * file..<2 * file + 2))
            })
    }

    static func tenPickled() -> [String: [UInt8]] {
        Dictionary(
            uniqueKeysWithValues: tenNames.enumerated().map { file, name in
                (name, pickle(2 * file..<2 * file + 2))
            })
    }
}

/// A folder that is gone when the body returns.
@discardableResult
func withFolder<Result>(
    _ files: [String: [UInt8]], _ body: (String) throws -> Result
) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("gc-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, bytes) in files {
        let file = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }
    return try body(folder.path)
}

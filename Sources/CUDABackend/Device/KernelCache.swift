import Foundation

/// Compiled kernels on disk, so that only the first run on a machine compiles. Nothing depends on
/// it: whatever goes wrong, the kernels are compiled again.
struct KernelCache {
    let folder: String

    func image(_ key: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path(key)), !data.isEmpty else {
            return nil
        }
        return Array(data)
    }

    /// Written whole or not at all.
    func keep(_ image: [UInt8], as key: String) {
        try? FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try? Data(image).write(to: URL(fileURLWithPath: path(key)), options: .atomic)
    }

    private func path(_ key: String) -> String { "\(folder)/kernels-\(key).cubin" }
}

/// FNV-1a (64 bits) of a manifest: one line per file, its size, a space and its relative path.
struct ManifestDigest {
    private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String) {
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    mutating func add(path: String, byteCount: Int) { add("\(byteCount) \(path)\n") }

    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

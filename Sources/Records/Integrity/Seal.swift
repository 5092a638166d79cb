import GRDB

/// A short digest by which a row says that it is still what was written: FNV-1a, 64 bits. It finds
/// accidents, not forgers.
struct Seal {
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ text: String?) {
        guard let text else { return add(byte: 0) }
        add(byte: 1)
        for byte in text.utf8 { add(byte: byte) }
        add(byte: 0xFF)  // never part of UTF-8, so fields do not run into each other
    }

    mutating func add(_ number: Int?) { add(bits: number.map { UInt64(bitPattern: Int64($0)) }) }

    mutating func add(_ number: Double?) { add(bits: number?.bitPattern) }

    private mutating func add(bits: UInt64?) {
        guard let bits else { return add(byte: 0) }
        add(byte: 1)
        for shift in stride(from: 0, to: 64, by: 8) {
            add(byte: UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
    }

    private mutating func add(byte: UInt8) {
        hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
    }

    /// 16 hexadecimal digits.
    var text: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Seal {
    /// Of a row of `job`; when it was registered may differ between stores.
    init(job row: Row) {
        for column in [
            "id", "cell", "row", "specification", "canonical", "dataset", "backbone",
            "normalization", "optimizer", "gc", "precision", "backend", "threads",
        ] { add(row[column] as String?) }
        for column in ["seed", "epochs", "smoke", "synthetic", "subset"] {
            add(row[column] as Int?)
        }
    }

    /// Of a row of `listing`.
    init(listing row: Row) {
        for column in ["job", "tableName", "spec", "label", "deviation", "arguments"] {
            add(row[column] as String?)
        }
        add(row["position"] as Int?)
    }

    /// Of a row of `attempt`, without what depends on the store: key, number, runner, and whether
    /// it counts, which an index holds.
    init(attempt row: Row) {
        for column in [
            "uid", "job", "state", "started", "finished", "message", "weightsDigest", "machine",
            "codeVersion",
        ] { add(row[column] as String?) }
        add(row["imagesPerSecond"] as Double?)
        add(row["threads"] as Int?)
        add(row["rowSum"] as Int?)
    }

    /// Of one measurement. An attempt keeps the sum of its measurements' seals, so that it can be
    /// brought up to date by what is added alone.
    init(metric: String, epoch: Int, step: Int, value: Double?, kind: String) {
        self.init(metric: metric)
        add(epoch: epoch, step: step, value: value, kind: kind)
    }

    /// The beginning that all measurements of a metric share.
    init(metric: String) { add(metric) }

    mutating func add(epoch: Int, step: Int, value: Double?, kind: String) {
        add(epoch)
        add(step)
        add(value)
        add(kind)
    }

    /// As it is added to `attempt.rowSum`.
    var summand: Int64 { Int64(bitPattern: hash) }
}

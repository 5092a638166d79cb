import CPhotos
import Tensors

/// Normalization as a table of 256 numbers per channel, made in double precision and rounded once.
///
/// A class because loops keep pointing at the table.
final class PixelTables<Element: PixelNumber> {
    private let table: UnsafeMutablePointer<Element>
    private let levels: Element.Levels

    private static var count: Int { 3 * 256 }

    init(_ normalization: PixelNormalization) {
        precondition(normalization.means.count == 3, "a mean and a deviation for each colour")
        table = .allocate(capacity: Self.count)
        for channel in 0..<3 {
            for value in 0...255 {
                let number = normalization.normalized(UInt8(value), channel: channel)
                (table + 256 * channel + value).initialize(to: Element(number))
            }
        }
        levels = Element.levels(table, normalization)
    }

    deinit { table.deallocate() }

    /// What black is in each channel.
    func black(_ channel: Int) -> Element { table[256 * channel] }

    /// Writes a row of pixels of 4 bytes into three planes that lie `plane` numbers apart.
    func spread(
        _ row: UnsafePointer<UInt8>, count: Int, to target: UnsafeMutablePointer<Element>,
        plane: Int, mirrored: Bool
    ) {
        withUnsafePointer(to: (target, target + plane, target + 2 * plane)) { planes in
            planes.withMemoryRebound(
                to: Optional<UnsafeMutablePointer<Element>>.self, capacity: 3
            ) { Element.spread(row, Int32(count), levels, $0, mirrored ? 1 : 0) }
        }
    }
}

/// The numbers that images are made of.
protocol PixelNumber: HostScalar, BinaryFloatingPoint {
    /// The table as the loop over pixels wants it.
    associatedtype Levels

    static func levels(_ table: UnsafePointer<Self>, _ normalization: PixelNormalization) -> Levels

    static func spread(
        _ row: UnsafePointer<UInt8>, _ count: Int32, _ levels: Levels,
        _ planes: UnsafePointer<UnsafeMutablePointer<Self>?>, _ mirrored: Int32)
}

extension Float: PixelNumber {
    static func levels(
        _ table: UnsafePointer<Float>, _ normalization: PixelNormalization
    ) -> gcb_levels {
        let slopes = normalization.deviations.map { 1 / (255 * $0) }
        let intercepts = zip(normalization.means, normalization.deviations).map { -$0 / $1 }
        return gcb_levels_of(table, slopes, intercepts)
    }

    static func spread(
        _ row: UnsafePointer<UInt8>, _ count: Int32, _ levels: gcb_levels,
        _ planes: UnsafePointer<UnsafeMutablePointer<Float>?>, _ mirrored: Int32
    ) {
        withUnsafePointer(to: levels) { gcb_spread_row_float(row, count, $0, planes, mirrored) }
    }
}

extension Double: PixelNumber {
    static func levels(
        _ table: UnsafePointer<Double>, _ normalization: PixelNormalization
    ) -> UnsafePointer<Double> { table }

    static func spread(
        _ row: UnsafePointer<UInt8>, _ count: Int32, _ levels: UnsafePointer<Double>,
        _ planes: UnsafePointer<UnsafeMutablePointer<Double>?>, _ mirrored: Int32
    ) {
        gcb_spread_row_double(row, count, levels, planes, mirrored)
    }
}

import CPhotos
import Foundation

/// The weights with which the pixels of one axis become fewer or more. Its memory is used again and
/// again.
///
/// A class because it owns memory that is filled in place.
final class ResamplingAxis {
    private let memory = PixelBuffer()
    /// Groups of 4 weights per result.
    private(set) var groups = 1
    private var count = 0

    /// Where results come from.
    struct Source: Hashable {
        /// The stretch that is resampled; a whole number of pixels unless the image was decoded at
        /// another size.
        let start: Double
        let length: Double
        /// The pixels that may be used.
        let limits: Range<Int>
    }

    /// Weights per result, the unused ones included.
    var tapCount: Int { groups * Int(GCB_TAP_GROUP) }

    /// By result: the first source pixel.
    var first: UnsafeMutablePointer<Int32> { numbers }
    /// By result: how many pixels from there count.
    var counts: UnsafeMutablePointer<Int32> { numbers + count }
    /// By result: `4 · groups` weights in units of 2⁻²².
    var weights: UnsafeMutablePointer<Int32> { numbers + 2 * count }

    private var numbers: UnsafeMutablePointer<Int32> {
        let byteCount = (2 + tapCount) * count * MemoryLayout<Int32>.stride
        return UnsafeMutableRawPointer(memory.reserve(byteCount))
            .assumingMemoryBound(to: Int32.self)
    }

    /// Prepares the results `range` of `count`; returns the source pixels that any of them needs.
    func prepare(_ source: Source, count: Int, range: Range<Int>, resampling: Resampling)
        -> Range<Int>
    {
        // An interval of length 2s holds at most ⌈2s⌉ middles of pixels.
        let taps = ceil(2 * max(source.length / Double(count), 1))
        switch resampling {
        case .antialiased: groups = (Int(taps) + Int(GCB_TAP_GROUP) - 1) / Int(GCB_TAP_GROUP)
        case .twoTaps: groups = 1
        }
        self.count = range.count
        var axis = gcb_axis(
            start: source.start - Double(source.limits.lowerBound), length: source.length,
            limit: Int32(source.limits.count), origin: Int32(source.limits.lowerBound),
            count: Int32(count), groups: Int32(groups))
        let (from, to) = (Int32(range.lowerBound), Int32(range.upperBound))
        switch resampling {
        case .antialiased: gcb_triangle_weights(&axis, from, to, first, counts, weights)
        case .twoTaps: gcb_pair_weights(&axis, from, to, first, counts, weights)
        }
        let last = range.count - 1
        return Int(first[0])..<Int(first[last] + counts[last])
    }

    /// Moves all sources, where they are read from a part of the image.
    func shift(by distance: Int) {
        let first = first
        for index in 0..<count { first[index] += Int32(distance) }
    }
}

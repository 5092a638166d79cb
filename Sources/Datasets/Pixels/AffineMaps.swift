import CPhotos
import Foundation

// Keras 3.0.0: pixel centres lie at whole numbers, and maps go from the result to the source.

extension gcb_affine {
    /// A turn about ((W − 1)/2, (H − 1)/2): x' = cos·x − sin·y + o, y' = sin·x + cos·y + p.
    static func rotation(turns: Double, about size: ImageSize) -> gcb_affine {
        let (cosine, sine) = (cos(2 * .pi * turns), sin(2 * .pi * turns))
        let (x, y) = (Double(size.width - 1) / 2, Double(size.height - 1) / 2)
        return gcb_affine(
            a: cosine, b: -sine, c: x - (cosine * x - sine * y),
            d: sine, e: cosine, f: y - (sine * x + cosine * y))
    }

    /// source = z·target + (W − 1)/2·(1 − z); z above 1 shows more.
    static func zoom(_ factor: Double, about size: ImageSize) -> gcb_affine {
        gcb_affine(
            a: factor, b: 0, c: Double(size.width - 1) / 2 * (1 - factor),
            d: 0, e: factor, f: Double(size.height - 1) / 2 * (1 - factor))
    }
}

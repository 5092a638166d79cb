/// How an image is resized. Results are bytes after each of the two passes, rows first.
public enum Resampling: String, Hashable, Sendable, Codable, CaseIterable {
    /// A triangle as wide as the pixels of the result, so that none of the source is lost: PIL's
    /// `BILINEAR`.
    case antialiased
    /// Between the two nearest pixels, however many lie between results: OpenCV's `INTER_LINEAR`.
    case twoTaps = "two taps"
}

/// How strongly everything but the class varies in `shapes`.
///
/// The strengths were set by training a ResNet-8 for a few epochs: hard enough for its test accuracy
/// to stay below 95 %, easy enough to pass 60 %.
struct ShapeNuisance: Hashable, Sendable {
    /// The shape's radius, as a share of the image's shorter side.
    var radius: Range<Double> = 0.20..<0.36
    /// How far the centre is from the middle at most, as a share of the shorter side.
    var shift = 0.14
    /// The tangent of the largest turn to either side.
    var turn = 0.6
    /// The mean background's channels.
    var background: Range<Double> = 0.1..<0.5
    /// The shape's channels. It is mostly lighter than the background.
    var foreground: Range<Double> = 0.4..<1.0
    /// How much the shape's channels together exceed the background's at least.
    var contrast = 0.5
    /// How strong the background's gradient and texture are.
    var texture = 0.3
    /// The half-width of the triangular distribution of pixel noise.
    var noise: Range<Double> = 0.05..<0.30
    /// Blobs behind the shape and in front of it.
    var blobsBehind = 0..<3
    var blobsInFront = 0..<3
    /// The radius of a blob, as a share of the shorter side.
    var blobRadius: Range<Double> = 0.06..<0.16

    static let standard = ShapeNuisance()
}

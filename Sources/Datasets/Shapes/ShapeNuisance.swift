/// How strongly everything but the class varies in `shapes`.
///
/// The strengths were set by training a ResNet-8 (widths 16, 32, 64) on the 4,000 images in PyTorch:
/// batch 64, rate 0.1 with a cosine, momentum 0.9, decay 5e-4, one seed. It reached 74 % of the 1,000
/// test images after 3 epochs and 92 % after 6.
struct ShapeNuisance: Hashable, Sendable {
    /// The shape's radius, as a share of the image's shorter side.
    let radius: Range<Double> = 0.20..<0.36
    /// How far the centre is from the middle at most, as a share of the shorter side.
    let shift = 0.14
    /// The tangent of the largest turn to either side.
    let turn = 0.6
    /// The mean background's channels.
    let background: Range<Double> = 0.1..<0.5
    /// The shape's channels. It is mostly lighter than the background.
    let foreground: Range<Double> = 0.4..<1.0
    /// How much the shape's channels together exceed the background's at least.
    let contrast = 0.45
    /// How strong the background's gradient and texture are.
    let texture = 0.3
    /// The half-width of the triangular distribution of pixel noise.
    let noise: Range<Double> = 0.05..<0.33
    /// Blobs behind the shape and in front of it.
    let blobsBehind = 0..<3
    let blobsInFront = 0..<4
    /// The radius of a blob, as a share of the shorter side.
    let blobRadius: Range<Double> = 0.06..<0.16

    static let standard = ShapeNuisance()
}

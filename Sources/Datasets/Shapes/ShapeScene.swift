import Tensors

/// A colour in red, green and blue, each in 0 … 1; the fourth lane is not used.
typealias ShapeColour = SIMD4<Float>

/// Something that is drawn into an image: an outline under a turn and a scale, and its colour.
struct ShapeFigure {
    let outline: ShapeClass
    let colour: ShapeColour
    let centreX: Float
    let centreY: Float
    let radius: Float
    let cosine: Float
    let sine: Float
    /// Ratio of its extents; 1 for what keeps its proportions.
    let stretch: Float
}

/// A grid of colours between which the background is interpolated.
struct ShapeTexture {
    /// Nodes per side.
    let side: Int
    let colours: [ShapeColour]
}

/// All that is random about one image but its pixel noise.
struct ShapeScene {
    /// From back to front; the class is the one of the figure at `subject`.
    let figures: [ShapeFigure]
    let textures: [ShapeTexture]
    let noise: Float

    /// - Parameter side: the image's shorter side, in pixels.
    init(
        _ outline: ShapeClass, height: Int, width: Int, nuisance: ShapeNuisance,
        random: inout CounterRandom
    ) {
        var sampler = ShapeSampler(
            nuisance: nuisance, height: Double(height), width: Double(width), random: random)
        let background = sampler.colour(in: nuisance.background)
        textures = [
            sampler.texture(side: 2, around: background, strength: nuisance.texture),
            sampler.texture(side: 6, around: .zero, strength: nuisance.texture / 2),
        ]
        let behind = sampler.blobs(nuisance.blobsBehind)
        let subject = sampler.subject(outline, against: background)
        figures = behind + [subject] + sampler.blobs(nuisance.blobsInFront)
        noise = Float(sampler.random.uniform(in: nuisance.noise))
        random = sampler.random
    }
}

/// Draws the parts of a scene. It uses only exactly rounded arithmetic, no sines or logarithms, so
/// that the images are the same on every machine.
private struct ShapeSampler {
    let nuisance: ShapeNuisance
    let height: Double
    let width: Double
    var random: CounterRandom

    private var side: Double { min(height, width) }

    mutating func colour(in range: Range<Double>) -> ShapeColour {
        var colour = ShapeColour.zero
        for channel in 0..<3 { colour[channel] = Float(random.uniform(in: range)) }
        return colour
    }

    mutating func texture(
        side: Int, around middle: ShapeColour, strength: Double
    ) -> ShapeTexture {
        ShapeTexture(
            side: side,
            colours: (0..<side * side).map { _ in
                middle + colour(in: -strength / 2..<strength / 2)
            })
    }

    /// A colour that is far enough from the background to be seen.
    mutating func subject(
        _ outline: ShapeClass, against background: ShapeColour
    ) -> ShapeFigure {
        var candidate = colour(in: nuisance.foreground)
        while excess(candidate, background) < Float(nuisance.contrast) {
            candidate = colour(in: nuisance.foreground)
        }
        return figure(
            outline, colour: candidate, radius: nuisance.radius,
            shift: nuisance.shift * side, stretch: 0.85..<1.18)
    }

    mutating func blobs(_ counts: Range<Int>) -> [ShapeFigure] {
        let count = counts.lowerBound + random.integer(below: counts.count)
        return (0..<count).map { _ in
            figure(
                random.integer(below: 2) == 0 ? .disc : .square, colour: colour(in: 0..<1),
                radius: nuisance.blobRadius, shift: side / 2, stretch: 0.5..<1.5)
        }
    }

    private mutating func figure(
        _ outline: ShapeClass, colour: ShapeColour, radius: Range<Double>, shift: Double,
        stretch: Range<Double>
    ) -> ShapeFigure {
        let (cosine, sine) = direction()
        return ShapeFigure(
            outline: outline, colour: colour,
            centreX: Float(width / 2 + random.uniform(in: -shift..<shift)),
            centreY: Float(height / 2 + random.uniform(in: -shift..<shift)),
            radius: Float(random.uniform(in: radius) * side), cosine: Float(cosine),
            sine: Float(sine), stretch: Float(random.uniform(in: stretch)))
    }

    /// The cosine and sine of a turn.
    private mutating func direction() -> (Double, Double) {
        let tangent = random.uniform(in: -nuisance.turn..<nuisance.turn)
        let length = (1 + tangent * tangent).squareRoot()
        return (1 / length, tangent / length)
    }

    private func excess(_ first: ShapeColour, _ second: ShapeColour) -> Float {
        let difference = first - second
        return difference[0] + difference[1] + difference[2]
    }
}

import Tensors

/// Paints scenes of one size into bytes.
struct ShapePainter {
    let height: Int
    let width: Int

    /// Paints an image of the class and stores it as `[3, H, W]`.
    ///
    /// - Parameter canvas: `[H, W]`, painted over.
    func paint(
        _ outline: ShapeClass, nuisance: ShapeNuisance, random: inout CounterRandom,
        on canvas: UnsafeMutableBufferPointer<ShapeColour>,
        into pixels: UnsafeMutableBufferPointer<UInt8>
    ) {
        let scene = ShapeScene(
            outline, height: height, width: width, nuisance: nuisance, random: &random)
        fill(canvas, with: scene.textures)
        for figure in scene.figures { draw(figure, on: canvas) }
        store(canvas, noise: scene.noise, random: &random, into: pixels)
    }

    /// The sum of the textures, each interpolated between its nodes.
    private func fill(
        _ canvas: UnsafeMutableBufferPointer<ShapeColour>, with textures: [ShapeTexture]
    ) {
        canvas.update(repeating: .zero)
        for texture in textures {
            let cells = Float(texture.side - 1)
            for y in 0..<height {
                let (top, down) = split(Float(y) / Float(height) * cells)
                for x in 0..<width {
                    let (left, right) = split(Float(x) / Float(width) * cells)
                    let corner = top * texture.side + left
                    let upper = mix(texture.colours[corner], texture.colours[corner + 1], right)
                    let lower = mix(
                        texture.colours[corner + texture.side],
                        texture.colours[corner + texture.side + 1], right)
                    canvas[y * width + x] += mix(upper, lower, down)
                }
            }
        }
    }

    /// Blends a figure over what is there; a pixel that the outline crosses is covered in part.
    private func draw(
        _ figure: ShapeFigure, on canvas: UnsafeMutableBufferPointer<ShapeColour>
    ) {
        let reach = figure.radius * 1.8 + 1
        let scale = 1 / figure.radius
        for y in rows(figure.centreY, reach, height) {
            for x in rows(figure.centreX, reach, width) {
                let right = (Float(x) + 0.5 - figure.centreX) * scale
                let down = (Float(y) + 0.5 - figure.centreY) * scale
                let turnedX = (figure.cosine * right + figure.sine * down) * figure.stretch
                let turnedY = figure.cosine * down - figure.sine * right
                let distance = figure.outline.distance(turnedX, turnedY) * figure.radius
                let coverage = min(max(0.5 - distance, 0), 1)
                canvas[y * width + x] = mix(canvas[y * width + x], figure.colour, coverage)
            }
        }
    }

    /// Adds noise and rounds to bytes: the sum of two random bytes is a triangular distribution.
    private func store(
        _ canvas: UnsafeMutableBufferPointer<ShapeColour>, noise: Float,
        random: inout CounterRandom, into pixels: UnsafeMutableBufferPointer<UInt8>
    ) {
        let plane = height * width
        var bits: UInt64 = 0
        var offset = 0
        for channel in 0..<3 {
            for position in 0..<plane {
                if offset & 3 == 0 { bits = random.next() }
                let sum = Int32(bits & 0xFF) + Int32(bits >> 8 & 0xFF)
                bits >>= 16
                let value = canvas[position][channel] + Float(sum - 255) / 255 * noise
                pixels[offset] = UInt8((min(max(value, 0), 1) * 255).rounded())
                offset += 1
            }
        }
        precondition(offset == pixels.count, "an image of another size")
    }

    /// The rows, or columns, that a figure can reach.
    private func rows(_ centre: Float, _ reach: Float, _ extent: Int) -> Range<Int> {
        let first = min(max(Int(centre - reach), 0), extent)
        return first..<max(first, min(Int(centre + reach) + 1, extent))
    }

    private func split(_ position: Float) -> (Int, Float) {
        let whole = Int(position)
        return (whole, position - Float(whole))
    }

    private func mix(_ first: ShapeColour, _ second: ShapeColour, _ share: Float) -> ShapeColour {
        first + (second - first) * share
    }
}

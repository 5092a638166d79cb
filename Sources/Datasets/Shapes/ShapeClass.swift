/// The ten classes of `shapes`, in label order. All look the same in a mirror.
enum ShapeClass: String, CaseIterable, Sendable {
    case disc
    case ring
    case square
    case frame
    case triangle
    case star
    case cross
    case bars
    case crescent
    case tee

    /// How far the point lies outside of the shape's outline, in units of its radius; negative
    /// inside. Exact near the outline, which is all that anti-aliasing needs.
    ///
    /// *Reference:* the star follows I. Quilez, "2D distance functions".
    @inline(__always)
    func distance(_ x: Float, _ y: Float) -> Float {
        switch self {
        case .disc: length(x, y) - 0.9
        case .ring: abs(length(x, y) - 0.78) - 0.17
        case .square: max(abs(x), abs(y)) - 0.78
        case .frame: abs(max(abs(x), abs(y)) - 0.68) - 0.16
        case .triangle: max(y - 0.6, max(0.866 * x, -0.866 * x) - 0.5 * y - 0.6)
        case .star: starDistance(x, y)
        case .cross: min(bar(x, y, 0.24, 0.95), bar(x, y, 0.95, 0.24))
        case .bars: bar(abs(x) - 0.52, y, 0.22, 0.85)
        case .crescent: max(length(x, y) - 0.95, 0.72 - length(x - 0.5, y))
        case .tee: min(bar(x, y - 0.6, 0.85, 0.24), bar(x, y + 0.15, 0.24, 0.85))
        }
    }
}

@inline(__always)
private func length(_ x: Float, _ y: Float) -> Float { (x * x + y * y).squareRoot() }

/// The outside distance of an upright bar of the given half extents.
@inline(__always)
private func bar(_ x: Float, _ y: Float, _ halfWidth: Float, _ halfHeight: Float) -> Float {
    max(abs(x) - halfWidth, abs(y) - halfHeight)
}

/// A five-pointed star: the plane is folded at the star's axes until one edge is left.
@inline(__always)
private func starDistance(_ x: Float, _ y: Float) -> Float {
    let (cosine, sine) = (0.809_017 as Float, 0.587_785 as Float)  // of 36°
    var x = abs(x)
    var y = y
    let first = 2 * max(cosine * x - sine * y, 0)
    x -= first * cosine
    y += first * sine
    let second = 2 * max(-cosine * x - sine * y, 0)
    x += second * cosine
    y += second * sine
    x = abs(x)
    y -= 1
    let (edgeX, edgeY) = (sine * 0.45, cosine * 0.45 - 1)
    let along = min(max((x * edgeX + y * edgeY) / (edgeX * edgeX + edgeY * edgeY), 0), 1)
    let side: Float = y * edgeX - x * edgeY < 0 ? -1 : 1
    return length(x - edgeX * along, y - edgeY * along) * side
}

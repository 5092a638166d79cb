import Foundation

// PIL's image enhancers and HSV conversion, on bytes. Where PIL keeps a number in single precision,
// so do these: a byte depends on it.

extension PixelImage {
    /// Changes every pixel in place.
    func apply(_ change: ColourJitter.Change) {
        switch change {
        case .brightness(let factor): forEachPixel { $0.blend(from: 0, factor) }
        case .contrast(let factor):
            let grey = Float(meanGrey)
            forEachPixel { $0.blend(from: grey, factor) }
        case .saturation(let factor): forEachPixel { $0.blend(from: Float($0.grey), factor) }
        case .hue(let turns):
            // A shift of bytes that wraps around, as torchvision makes it.
            let shift = UInt8(truncatingIfNeeded: Int(turns * 255))
            forEachPixel { $0.shiftHue(by: shift) }
        }
    }

    private func forEachPixel(_ body: (inout Pixel) -> Void) {
        for offset in Swift.stride(from: 0, to: stride * size.height, by: 4) {
            var pixel = Pixel(
                red: pixels[offset], green: pixels[offset + 1], blue: pixels[offset + 2])
            body(&pixel)
            pixels[offset] = pixel.red
            pixels[offset + 1] = pixel.green
            pixels[offset + 2] = pixel.blue
        }
    }

    /// The mean brightness, rounded to a whole number.
    private var meanGrey: Int {
        var sum = 0
        forEachPixel { sum += Int($0.grey) }
        return Int(Double(sum) / Double(size.height * size.width) + 0.5)
    }
}

private struct Pixel {
    var red: UInt8
    var green: UInt8
    var blue: UInt8

    /// L = 0.299·R + 0.587·G + 0.114·B in units of 2⁻¹⁶.
    var grey: UInt8 {
        let sum: Int = Int(red) * 19_595 + Int(green) * 38_470 + Int(blue) * 7_471
        return UInt8((sum + 0x8000) >> 16)
    }

    /// x ← from + factor·(x − from), cut off at 0 and 255, fractions dropped; in single precision, as
    /// PIL computes it.
    mutating func blend(from grey: Float, _ factor: Double) {
        let factor = Float(factor)
        func blended(_ value: UInt8) -> UInt8 {
            let number: Float = grey + factor * (Float(value) - grey)
            return UInt8(min(max(number, 0), 255))
        }
        red = blended(red)
        green = blended(green)
        blue = blended(blue)
    }

    mutating func shiftHue(by shift: UInt8) {
        var (hue, saturation, value) = hsv
        hue &+= shift
        set(hue, saturation, value)
    }

    private var hsv: (UInt8, UInt8, UInt8) {
        let (high, low) = (max(red, green, blue), min(red, green, blue))
        guard high != low else { return (0, 0, high) }
        let range = Float(high - low)
        func distance(_ value: UInt8) -> Double { Double(Float(high - value) / range) }
        let sextants =
            if red == high {
                distance(blue) - distance(green)
            } else if green == high {
                2 + distance(red) - distance(blue)
            } else {
                4 + distance(green) - distance(red)
            }
        let turns = Float(fmod(Double(Float(sextants)) / 6 + 1, 1))
        return (UInt8(Double(turns) * 255), UInt8(Double(range / Float(high)) * 255), high)
    }

    private mutating func set(_ hue: UInt8, _ saturation: UInt8, _ value: UInt8) {
        guard saturation > 0 else {
            (red, green, blue) = (value, value, value)
            return
        }
        let sextant = Float(Double(hue) * 6 / 255)
        let share = Double(Float(Double(saturation) / 255))
        let rest = Double(sextant - sextant.rounded(.down))
        func level(_ loss: Double) -> UInt8 {
            UInt8(min(max((Double(value) * (1 - loss)).rounded(), 0), 255))
        }
        let (low, falling, rising) = (
            level(share), level(share * rest), level(share * (1 - rest))
        )
        switch Int(sextant) % 6 {
        case 0: (red, green, blue) = (value, rising, low)
        case 1: (red, green, blue) = (falling, value, low)
        case 2: (red, green, blue) = (low, value, rising)
        case 3: (red, green, blue) = (low, falling, value)
        case 4: (red, green, blue) = (rising, low, value)
        default: (red, green, blue) = (value, low, falling)
        }
    }
}

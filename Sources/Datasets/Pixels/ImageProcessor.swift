import CPhotos
import Tensors

/// Takes stored images through the steps of an augmentation into normalized planes.
///
/// A class because it owns the memory for one thread's work; it keeps no memory of the images.
final class ImageProcessor<Element: PixelNumber> {
    private let augmentation: Augmentation
    private let tables: PixelTables<Element>
    /// `[3, H, W]`.
    private let shape: Shape
    private let workspace: PixelWorkspace

    private var source: PixelSource
    private var view: PixelView
    private var erased: PixelRectangle?

    init(
        _ augmentation: Augmentation, _ normalization: PixelNormalization, shape: Shape,
        decode: DecodeMode
    ) {
        self.augmentation = augmentation
        self.shape = shape
        tables = PixelTables(normalization)
        workspace = PixelWorkspace(decode: decode)
        source = .photo(workspace.reader)
        view = PixelView(whole: ImageSize(height: 0, width: 0))
    }

    /// Writes the image `[3, H, W]`.
    ///
    /// - Throws: ``PhotoFault``.
    func process(
        _ image: StoredImage, _ random: CounterRandom, into result: UnsafeMutablePointer<Element>
    ) throws(PhotoFault) {
        var random = random
        source = try workspace.open(image)
        view = PixelView(whole: source.size)
        erased = nil
        for step in augmentation.steps { try apply(step, &random) }
        try finish(into: result)
    }

    private func apply(_ step: AugmentationStep, _ random: inout CounterRandom)
        throws(PhotoFault)
    {
        let size = view.size
        switch step {
        case .padAndCrop(let padding):
            let top = random.integer(below: 2 * padding + 1) - padding
            let left = random.integer(below: 2 * padding + 1) - padding
            view.crop(to: .init(left: left, top: top, width: size.width, height: size.height))
        case .randomResizedCrop(let crop):
            view.crop(to: crop.part(of: size, &random))
            try resize(to: ImageSize(square: crop.size), crop.resampling)
        case .resizeShorterSide(let length, let resampling):
            try resize(to: size.withShorterSide(length), resampling)
        case .resize(let size, let resampling): try resize(to: size, resampling)
        case .centreCrop(let target): view.crop(to: size.middle(target))
        case .horizontalFlip: if random.integer(below: 2) == 1 { view.mirror() }
        case .verticalFlip: if random.integer(below: 2) == 1 { view.turnUpsideDown() }
        case .rotation(let share):
            try warp(.rotation(turns: random.uniform(in: -share...share), about: size))
        case .zoom(let share):
            try warp(.zoom(random.uniform(in: 1 - share...1 + share), about: size))
        case .colourJitter(let jitter):
            let image = try rendered()
            for change in jitter.changes(&random) { image.apply(change) }
        case .randomErasing(let erasing): erased = erasing.part(of: size, &random)
        }
    }

    private func resize(to size: ImageSize, _ resampling: Resampling) throws(PhotoFault) {
        if view.mustBeRenderedBeforeResizing { _ = try rendered() }
        view.resize(to: size, resampling)
    }

    private func warp(_ map: gcb_affine) throws(PhotoFault) {
        let image = try rendered()
        let result = workspace.image(image.size)
        withUnsafePointer(to: map) {
            gcb_warp(
                image.pixels, Int32(image.size.width), Int32(image.size.height), $0,
                result.pixels)
        }
        source = .pixels(result)
    }

    // MARK: - Rendering

    /// The image as it is so far, in memory that steps may change.
    private func rendered() throws(PhotoFault) -> PixelImage {
        let image = workspace.image(view.size)
        let (view, visible) = (view, view.visible)
        if visible.size != view.size { image.fillBlack() }
        try workspace.render(view, of: source) { y, row in
            let place = view.target(row: y, visible: visible)
            image.write(row, count: visible.width, at: place, mirrored: view.isMirrored)
        }
        source = .pixels(image)
        self.view = PixelView(whole: image.size)
        return image
    }

    /// Renders the view into normalized planes.
    private func finish(into result: UnsafeMutablePointer<Element>) throws(PhotoFault) {
        let (view, visible) = (view, view.visible)
        guard view.size.height == shape[1], view.size.width == shape[2] else {
            throw .wrongSize(
                height: view.size.height, width: view.size.width,
                expected: "\(shape[1])×\(shape[2])"
            )
        }
        let plane = shape[1] * shape[2]
        if visible.size != view.size { fillBlack(result, plane) }
        let tables = tables
        try workspace.render(view, of: source) { y, row in
            let place = view.target(row: y, visible: visible)
            tables.spread(
                row, count: visible.width, to: result + place.y * view.size.width + place.x,
                plane: plane, mirrored: view.isMirrored)
        }
        erase(result, plane)
    }

    private func fillBlack(_ result: UnsafeMutablePointer<Element>, _ plane: Int) {
        for channel in 0..<3 {
            (result + channel * plane).update(repeating: tables.black(channel), count: plane)
        }
    }

    private func erase(_ result: UnsafeMutablePointer<Element>, _ plane: Int) {
        guard let erased else { return }
        for channel in 0..<3 {
            for y in erased.rows {
                let start = result + channel * plane + y * shape[2] + erased.left
                start.update(repeating: 0, count: erased.width)
            }
        }
    }
}

extension PixelView {
    /// Where the visible part of a row goes in the result.
    fileprivate func target(row y: Int, visible: PixelRectangle) -> (x: Int, y: Int) {
        let row = y - window.top
        let column = isMirrored ? window.right - visible.right : visible.left - window.left
        return (column, isUpsideDown ? window.height - 1 - row : row)
    }
}

extension PixelImage {
    fileprivate func fillBlack() {
        pixels.update(repeating: 0, count: stride * size.height)
    }

    fileprivate func write(
        _ row: UnsafePointer<UInt8>, count: Int, at place: (x: Int, y: Int), mirrored: Bool
    ) {
        let target = self.row(place.y) + 4 * place.x
        if mirrored {
            gcb_mirror_row(row, target, Int32(count))
        } else {
            target.update(from: row, count: 4 * count)
        }
    }
}

extension ImageSize {
    /// The same shape with a shorter side of `length`; the longer side is rounded down, as
    /// torchvision does.
    func withShorterSide(_ length: Int) -> ImageSize {
        height < width
            ? ImageSize(height: length, width: length * width / height)
            : ImageSize(height: length * height / width, width: length)
    }

    /// The middle of the image. Halves are rounded to even numbers as Python's `round` does; an image
    /// that is too small is padded first, less at its left and top, as torchvision does.
    func middle(_ target: ImageSize) -> PixelRectangle {
        func start(_ have: Int, _ want: Int) -> Int {
            have < want
                ? -((want - have) / 2)
                : Int((Double(have - want) / 2).rounded(.toNearestOrEven))
        }
        return PixelRectangle(
            left: start(width, target.width), top: start(height, target.height),
            width: target.width, height: target.height)
    }
}

/// What is looked at of an image, without having touched it: a part, resized, of which a window is
/// kept, perhaps mirrored. Crops and flips only change the view; one pass over the pixels renders it.
struct PixelView: Hashable {
    /// The part of the image that is resized; the whole image where nothing is.
    private(set) var source: PixelRectangle
    /// The extents that the part has after resizing.
    private(set) var scaled: ImageSize
    /// nil where nothing is resized.
    private(set) var resampling: Resampling?
    /// What is kept of the resized part. Where it reaches beyond, it is black.
    private(set) var window: PixelRectangle
    private(set) var isMirrored = false
    private(set) var isUpsideDown = false

    init(whole size: ImageSize) {
        source = PixelRectangle(whole: size)
        scaled = size
        window = source
    }

    var size: ImageSize { window.size }

    /// The part of the window that has pixels.
    var visible: PixelRectangle { window.clipped(to: scaled) }

    /// Whether resizing must wait until this view was rendered: it is resized already, mirrored, or
    /// reaches beyond its image.
    var mustBeRenderedBeforeResizing: Bool {
        resampling != nil || isMirrored || isUpsideDown || !window.isInside(scaled)
    }

    /// Keeps a part of what is seen; it may reach beyond.
    mutating func crop(to part: PixelRectangle) {
        let left = isMirrored ? window.width - part.right : part.left
        let top = isUpsideDown ? window.height - part.bottom : part.top
        window = PixelRectangle(
            left: window.left + left, top: window.top + top, width: part.width,
            height: part.height)
    }

    mutating func mirror() { isMirrored.toggle() }
    mutating func turnUpsideDown() { isUpsideDown.toggle() }

    mutating func resize(to size: ImageSize, _ resampling: Resampling) {
        precondition(!mustBeRenderedBeforeResizing, "resized twice in one view")
        source = window
        scaled = size
        window = PixelRectangle(whole: size)
        if source.size != size { self.resampling = resampling }
    }
}

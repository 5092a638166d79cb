import CKernels

/// Work on each image of a batch, shared out over the pool of threads.
///
/// A class because the pool's threads get it as a plain pointer.
final class ImageLoop {
    private let count: Int
    private let threads: Int32
    private let body: (_ image: Int, _ part: Int) -> Void

    /// - Parameter body: works on one image; what it writes belongs to the image, or to the part of
    ///   the pool that it runs on, so results do not depend on how images are shared out.
    init(_ count: Int, threads: Int32, _ body: @escaping (_ image: Int, _ part: Int) -> Void) {
        self.count = count
        self.threads = threads
        self.body = body
    }

    func run() {
        gcb_parallel(
            threads,
            { context, part, parts in
                guard let context else { return }
                let loop = Unmanaged<ImageLoop>.fromOpaque(context).takeUnretainedValue()
                var (first, last): (Int64, Int64) = (0, 0)
                gcb_share(Int64(loop.count), part, parts, &first, &last)
                for image in first..<last { loop.body(Int(image), Int(part)) }
            }, Unmanaged.passUnretained(self).toOpaque())
    }
}

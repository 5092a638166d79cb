extension Dataset {
    /// The file of the image at `index`, as messages name it; nil for images that share one.
    public func fileName(at index: Int) -> String? {
        switch content {
        case .planes: nil
        case .photos(let photos): photos.name(at: index)
        }
    }
}

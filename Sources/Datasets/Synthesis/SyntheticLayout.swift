/// On which of its real layouts a stand-in is written.
public enum SyntheticLayout: String, Hashable, Sendable, CaseIterable {
    /// The layout of the official archive, in its preferred form: CIFAR's binary files, the lists of
    /// the fine-grained sets, class folders for the others.
    case official
    /// CIFAR's python pickles.
    case pickle
    /// One folder per class below `train/` and `val/`.
    case folders

    /// The layouts that a data set has.
    public static func layouts(of name: DatasetName) -> [SyntheticLayout] {
        switch name.kind {
        case .drawn: []
        case .small: [.official, .pickle]
        case .photos: name.lists == nil ? [.official] : [.official, .folders]
        }
    }
}

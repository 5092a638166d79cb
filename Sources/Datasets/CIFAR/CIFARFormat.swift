/// The official formats, in the order in which they are preferred.
enum CIFARFormat: Hashable, Sendable, CaseIterable {
    case binary
    case pickle

    var named: Provenance.Format {
        switch self {
        case .binary: .cifarBinary
        case .pickle: .cifarPickle
        }
    }
}

import Tensors

/// The two CIFAR sets: what differs between their files.
package enum CIFARVariant: Hashable, Sendable {
    case cifar10
    case cifar100

    var name: DatasetName {
        switch self {
        case .cifar10: .cifar10
        case .cifar100: .cifar100
        }
    }

    /// How many values each label byte of a binary row may take. CIFAR-100 has a coarse label
    /// before the fine one; the last label is the class.
    var labelRanges: [Int] {
        switch self {
        case .cifar10: [10]
        case .cifar100: [20, 100]
        }
    }

    var classCount: Int {
        switch self {
        case .cifar10: 10
        case .cifar100: 100
        }
    }

    static let imageShape: Shape = [3, 32, 32]
    static let pixelCount = 3_072

    /// The bytes of a binary row: the labels, then red, green and blue planes.
    package var rowByteCount: Int { labelRanges.count + Self.pixelCount }

    /// The key of the labels in a pickled batch.
    var labelKey: String {
        switch self {
        case .cifar10: "labels"
        case .cifar100: "fine_labels"
        }
    }
}

/// The images of one file.
package struct CIFARRows: Hashable, Sendable {
    /// `[N, 3, 32, 32]`.
    package var pixels: [UInt8] = []
    package var labels: [UInt16] = []

    package init() {}
}

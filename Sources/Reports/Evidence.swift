import Records

/// What the numbers of a table are worth. Tables never mix kinds.
enum Evidence: Int, CaseIterable {
    case measured
    case synthetic
    case smoke

    init(_ evidence: JobEvidence) {
        if evidence.smoke {
            self = .smoke
        } else {
            self = evidence.synthetic ? .synthetic : .measured
        }
    }

    /// What stands behind the table's name; empty for the real thing.
    var mark: String {
        switch self {
        case .measured: ""
        case .synthetic: ", synthetic images"
        case .smoke: ", SMOKE RUN"
        }
    }

    /// The sentence above the table.
    var warning: String? {
        switch self {
        case .measured:
            nil
        case .synthetic:
            "Trained on images that the program drew; these numbers say nothing about real data."
        case .smoke:
            "Two steps on drawn images: this shows that the path works. The numbers mean nothing."
        }
    }
}

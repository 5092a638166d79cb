import Pickles

/// Writes drawn images as the files of a CIFAR release.
struct CIFARSynthesis {
    let variant: CIFARVariant
    let format: CIFARFormat

    /// - Parameter folder: the folder that holds the release's own.
    /// - Returns: the release's own folder.
    func write(_ drawing: (Split) -> Drawing, to folder: String) throws(DatasetError) -> String {
        let layout = variant.layout(format)
        let inner = Files.join(folder, layout.folder)
        for split in Split.allCases {
            let (drawing, files) = (drawing(split), layout.files(of: split))
            for (index, file) in files.enumerated() {
                let rows = Self.rows(index, of: files.count, count: drawing.count)
                try Files.write(
                    bytes(of: drawing, rows, file.path), to: Files.join(inner, file.path))
            }
        }
        return inner
    }

    /// The rows of a file where `count` images are spread evenly over all files.
    private static func rows(_ file: Int, of fileCount: Int, count: Int) -> Range<Int> {
        file * count / fileCount..<(file + 1) * count / fileCount
    }

    private func bytes(of drawing: Drawing, _ rows: Range<Int>, _ file: String) -> [UInt8] {
        let images = rows.map { drawing.image(at: $0, height: 32, width: 32) }
        let labels = rows.map(drawing.label(at:))
        switch format {
        case .binary:
            return zip(labels, images).flatMap { label, image in
                coarse(label).map(UInt8.init) + [UInt8(label)] + image
            }
        case .pickle: return pickle(images, labels, file)
        }
    }

    /// A coarse label that goes with the class; CIFAR-10 has none.
    private func coarse(_ label: Int) -> [Int] {
        variant.labelRanges.dropLast().map { label * $0 / variant.classCount }
    }

    private func pickle(_ images: [[UInt8]], _ labels: [Int], _ file: String) -> [UInt8] {
        var entries: [(key: String, write: (inout PickleWriter) -> Void)] = [
            ("batch_label", { $0.string(Array("synthetic \(file)".utf8)) }),
            (variant.labelKey, { $0.list(labels) { $0.integer($1) } }),
            (
                "data",
                { $0.array(images.flatMap(\.self), rows: images.count, columns: CIFARVariant.pixelCount) }
            ),
            (
                "filenames",
                { $0.list(images.indices) { $0.string(Array("drawn_\($1).png".utf8)) } }
            ),
        ]
        if variant.labelRanges.count > 1 {
            entries.append(
                ("coarse_labels", { $0.list(labels.flatMap(coarse)) { $0.integer($1) } }))
        }
        var writer = PickleWriter()
        writer.dictionary(entries)
        writer.end()
        return writer.bytes
    }
}

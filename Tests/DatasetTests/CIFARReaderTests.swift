import Datasets
import Tensors
import Testing

@Suite("CIFAR files")
struct CIFARReaderTests {
    @Test("Both formats give the rows that were written", arguments: [true, false])
    func rows(isBinary: Bool) throws {
        let files = isBinary ? CIFARSamples.tenBinary() : CIFARSamples.tenPickled()
        try withFolder(files) { folder in
            let training = try DatasetName.cifar10.open(root: folder, split: .training)
            let test = try DatasetName.cifar10.open(root: folder, split: .test)
            try expect(training, rows: 0..<10)
            try expect(test, rows: 10..<12)
            #expect(training.provenance.format == (isBinary ? .cifarBinary : .cifarPickle))
            #expect(training.classNames[8] == "ship")
            #expect(training.imageShape == [3, 32, 32])
        }
    }

    @Test("CIFAR-100 takes the fine label, from both formats")
    func fineLabels() throws {
        let binary = ["train.bin", "test.bin"].map {
            ($0, CIFARSamples.binary(0..<4, coarse: true))
        }
        let pickled = ["train", "test"].map {
            ($0, CIFARSamples.pickle(0..<4, labels: "fine_labels"))
        }
        for files in [binary, pickled] {
            try withFolder(Dictionary(uniqueKeysWithValues: files)) { folder in
                let dataset = try DatasetName.cifar100.open(root: folder, split: .training)
                try expect(dataset, rows: 0..<4)
                #expect(dataset.classCount == 100)
                #expect(dataset.classNames[99] == "worm")
            }
        }
    }

    @Test("Of two formats in the parent folder the binary one is taken, and both are named")
    func preference() throws {
        var files: [String: [UInt8]] = [:]
        for (name, bytes) in CIFARSamples.tenBinary() {
            files["cifar-10-batches-bin/\(name)"] = bytes
        }
        for (name, bytes) in CIFARSamples.tenPickled() {
            files["cifar-10-batches-py/\(name)"] = bytes
        }
        try withFolder(files) { root in
            let provenance = try DatasetName.cifar10.locate(root: root).provenance
            #expect(provenance.format == .cifarBinary)
            #expect(provenance.unusedFormat == .cifarPickle)
            #expect("\(provenance)".contains("CIFAR python pickle beside it is not read"))
        }
    }

    @Test("Files of other sizes than the official ones add their manifest to the identity")
    func identity() throws {
        try withFolder(CIFARSamples.tenBinary()) { folder in
            let provenance = try DatasetName.cifar10.locate(root: folder).provenance
            #expect(provenance.isSubset)
            #expect(!provenance.isOfficial)
            #expect(provenance.manifestText.hasPrefix("6146 data_batch_1.bin\n"))
            // printf of the six lines through a separate FNV-1a in Python.
            #expect(provenance.manifestDigest == "6a922b2245c15535")
            let declared = "cifar10:md5:c32a1d4ab5d03f1284b67883e8d87530"
            #expect(provenance.identity == "\(declared)+6a922b2245c15535")
        }
        let official = Provenance(name: .cifar10, origin: .official, format: .cifarBinary)
        #expect(official.identity == "cifar10:md5:c32a1d4ab5d03f1284b67883e8d87530")
    }

    @Test(
        "A truncated, padded or empty binary file is refused by name", arguments: [0, 6_145, 6_147])
    func wrongLength(byteCount: Int) throws {
        let bytes = Array((CIFARSamples.binary(0..<2) + [0]).prefix(byteCount))
        try expectError(replacing: "data_batch_3.bin", with: bytes) { path in
            .wrongLength(path: path, byteCount: byteCount, rowByteCount: 3_073)
        }
    }

    @Test("A label that no class has is refused with its row")
    func labelOutOfRange() throws {
        var bytes = CIFARSamples.binary(0..<2)
        bytes[3_073] = 10
        try expectError(replacing: "data_batch_2.bin", with: bytes) { path in
            .labelOutOfRange(path: path, row: 1, label: 10, classCount: 10)
        }
    }

    @Test("A coarse label out of range is refused too")
    func coarseLabel() throws {
        var rows = CIFARRows()
        #expect(throws: DatasetError.labelOutOfRange(path: "t", row: 0, label: 20, classCount: 20))
        {
            try CIFARBinary.read(
                [20, 0] + CIFARSamples.pixels(row: 0), path: "t", variant: .cifar100, into: &rows)
        }
    }

    @Test("A missing file is named, and so is a folder in its place")
    func missing() throws {
        try withFolder(CIFARSamples.tenBinary().filter { $0.key != "data_batch_4.bin" }) { folder in
            let path = "\(folder)/data_batch_4.bin"
            #expect(throws: DatasetError.missingFile(.cifar10, path: path)) {
                try DatasetName.cifar10.locate(root: folder)
            }
        }
        var files = CIFARSamples.tenBinary().filter { $0.key != "data_batch_4.bin" }
        files["data_batch_4.bin/x"] = [0]
        try withFolder(files) { folder in
            let path = "\(folder)/data_batch_4.bin"
            #expect(
                throws: DatasetError.unreadableFile(path: path, reason: "it is not a regular file")
            ) {
                try DatasetName.cifar10.locate(root: folder)
            }
        }
    }

    @Test("Damaged pickles are refused: cut off, padded, other rows, other labels")
    func damagedPickles() throws {
        let whole = CIFARSamples.pickle(0..<2)
        var label = whole
        label[whole.count - 4] = 10
        let damaged: [[UInt8]] = [
            [], Array(whole.dropLast()), whole + [0], CIFARSamples.pickle(0..<2, labels: "classes"),
            label, [0x80, 2, 0x7D, 0x2E], [0x80, 2, 0x4E, 0x2E], Array(whole.prefix(3_000)),
        ]
        for bytes in damaged {
            var rows = CIFARRows()
            #expect(throws: DatasetError.self) {
                try CIFARPickle.read(bytes, path: "t", variant: .cifar10, into: &rows)
            }
            #expect(rows == CIFARRows(), "nothing of a damaged file is kept")
        }
    }

    @Test(
        "Missing data name the layout, both ways to give it, and the smoke run",
        arguments: [DatasetName.cifar10, .cifar100, .imagenet, .imagenette, .imageFolder])
    func notFound(name: DatasetName) throws {
        try withFolder([:]) { folder in
            for root in [nil, folder, folder + "/nowhere"] {
                let error = #expect(throws: DatasetError.self) { try name.locate(root: root) }
                let text = try #require(error).description
                #expect(text.contains(name.facts.layout))
                #expect(text.contains("--data \(name.rawValue)=PATH"))
                #expect(text.contains("`root:`"))
                #expect(text.contains("--smoke"))
                #expect(root.map { text.contains($0) } ?? true)
            }
        }
    }

    @Test("A part of ImageNet is told apart from all of it; shapes takes no folder")
    func otherSets() throws {
        try withFolder(["train/n01440764/a.JPEG": [0], "val/n01440764/b.JPEG": [0]]) { folder in
            let error = DatasetError.wrongClassCount(.imagenet, path: folder + "/train", found: 1)
            #expect(throws: error) {
                try DatasetName.imagenet.locate(root: folder)
            }
            #expect(throws: DatasetError.takesNoFolder(.shapes, path: folder)) {
                try DatasetName.shapes.locate(root: folder)
            }
        }
    }

    private func expect(_ dataset: Dataset, rows: Range<Int>) throws {
        #expect(dataset.count == rows.count)
        for (index, row) in rows.enumerated() {
            #expect(try dataset.image(at: index).bytes == CIFARSamples.pixels(row: row))
            #expect(dataset.label(at: index) == Int(CIFARSamples.label(row: row)))
        }
    }

    private func expectError(
        replacing name: String, with bytes: [UInt8], _ expected: (String) -> DatasetError
    ) throws {
        var files = CIFARSamples.tenBinary()
        files[name] = bytes
        try withFolder(files) { folder in
            #expect(throws: expected("\(folder)/\(name)")) {
                try DatasetName.cifar10.open(root: folder, split: .training)
            }
        }
    }
}

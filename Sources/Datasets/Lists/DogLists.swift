/// The lists of Stanford Dogs in text form: `train_list.txt` and `test_list.txt`, one path below
/// `Images/` to a line, with the number of its class behind it or not:
/// `n02085620-Chihuahua/n02085620_5927.jpg 1`. The folder is the class.
///
/// The archive holds them as MATLAB files, which are refused with the line of Python that writes
/// this form.
///
/// *Reference:* Khosla et al., "Novel dataset for fine-grained image categorization", FGVC 2011.
enum DogLists: ArchiveLists {
    static let name = DatasetName.stanfordDogs
    static let mark = "test_list.txt"
    static let places = [Place("")]

    static let matlab: MatlabForm? = MatlabForm(
        mark: "test_list.mat", textForm: "train_list.txt and test_list.txt",
        conversion: """
            python3 -c "import scipy.io as s; [open(n + '.txt', 'w').writelines('%s %d\\n' % \
            (f[0][0], l[0]) for f, l in zip(*(s.loadmat(n)[k] for k in ('file_list', 'labels')))) \
            for n in ('train_list', 'test_list')]"
            """)

    static func read(_ folder: String) throws(DatasetError) -> ArchiveList {
        let sides = try [
            ListFile(name, folder: folder, file: "train_list.txt"),
            ListFile(name, folder: folder, file: mark),
        ]
        var folders: Set<Substring> = []
        for list in sides {
            for line in list.lines { folders.insert(try classFolder(of: line, in: list)) }
        }
        let classNames = folders.sorted()
        let labels = Dictionary(uniqueKeysWithValues: zip(classNames, classNames.indices))
        var numbers: [Int: Int] = [:]
        let training = try photos(sides[0], labels, numbers: &numbers)
        let test = try photos(sides[1], labels, numbers: &numbers)
        return try ArchiveList(classNames: classNames.map(breed), training: training, test: test)
            .checked(folder)
    }

    private static func photos(
        _ list: ListFile, _ labels: [Substring: Int], numbers: inout [Int: Int]
    ) throws(DatasetError) -> [ListedPhoto] {
        var photos: [ListedPhoto] = []
        for line in list.lines {
            let (path, number) = columns(line)
            guard let label = labels[try classFolder(of: line, in: list)] else { continue }
            if let number {
                guard let number = Int(number) else {
                    throw list.error(line, "'\(number)' is not the number of a class")
                }
                guard numbers[label, default: number] == number else {
                    throw list.error(line, "class \(number) is another folder's")
                }
                numbers[label] = number
            }
            photos.append(
                ListedPhoto(path: try list.imagePath(path, below: "Images", line), label: label))
        }
        return photos
    }

    private static func columns(_ line: ListFile.Line) -> (path: Substring, number: Substring?) {
        let path = line.text.prefix { !$0.isWhitespace }
        let rest = line.text.dropFirst(path.count).drop(while: \.isWhitespace)
        return (path, rest.isEmpty ? nil : rest)
    }

    private static func classFolder(
        of line: ListFile.Line, in list: ListFile
    ) throws(DatasetError) -> Substring {
        let parts = columns(line).path.split(separator: "/")
        guard parts.count == 2 else {
            throw list.error(line, "'\(line.text)' is not FOLDER/FILE and a class")
        }
        return parts[0]
    }

    /// `n02085620-Chihuahua` is a Chihuahua.
    private static func breed(_ folder: Substring) -> String {
        let dash = folder.firstIndex(of: "-")
        return String(dash.map { folder[folder.index(after: $0)...] } ?? folder)
    }
}

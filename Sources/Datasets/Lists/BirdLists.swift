/// The lists of CUB-200-2011, keyed by an image's number: `images.txt` (number and path below
/// `images/`), `image_class_labels.txt` (number and class, from 1), `train_test_split.txt` (number and
/// 1 for training) and `classes.txt` (class and name).
///
/// *Reference:* Wah et al., "The Caltech-UCSD Birds-200-2011 dataset", CNS-TR-2011-001.
enum BirdLists: ArchiveLists {
    static let name = DatasetName.cub200
    static let mark = "train_test_split.txt"
    static let places = ["", "CUB_200_2011"].map(Place.init)
    static let matlab: MatlabForm? = nil

    static func read(_ folder: String) throws(DatasetError) -> ArchiveList {
        let classNames = try classNames(folder)
        let classes = try ListFile(name, folder: folder, file: "image_class_labels.txt").numbers()
        let sides = try ListFile(name, folder: folder, file: mark).numbers()
        let list = try ListFile(name, folder: folder, file: "images.txt")
        var photos: [Bool: [ListedPhoto]] = [:]
        for line in list.lines {
            let (number, path) = try list.pair(line)
            guard let label = classes[number], classNames.indices.contains(label - 1) else {
                throw list.error(
                    line, "image \(number) has no class of \(classNames.count) in "
                        + "image_class_labels.txt")
            }
            guard let side = sides[number], side == 0 || side == 1 else {
                throw list.error(line, "image \(number) has neither 0 nor 1 in \(mark)")
            }
            let photo = ListedPhoto(
                path: try list.imagePath(path, below: "images", line), label: label - 1)
            photos[side == 1, default: []].append(photo)
        }
        return try ArchiveList(
            classNames: classNames, training: photos[true] ?? [], test: photos[false] ?? []
        ).checked(Files.join(folder, "images.txt"))
    }

    private static func classNames(_ folder: String) throws(DatasetError) -> [String] {
        let list = try ListFile(name, folder: folder, file: "classes.txt")
        var names: [String] = []
        for line in list.lines {
            let (number, name) = try list.pair(line)
            guard Int(number) == names.count + 1 else {
                throw list.error(line, "expected class \(names.count + 1), found '\(number)'")
            }
            names.append(String(name))
        }
        return names
    }
}

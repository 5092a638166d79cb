/// The lists of FGVC-Aircraft 2013b, one variant of an aircraft to a class.
///
/// `variants.txt` names the classes in order. A line of `images_variant_trainval.txt` is a picture's
/// number and its variant, which may hold blanks and slashes: `0034309 F-16A/B`. The published
/// runs train on `trainval` (6,667 pictures); where it is missing it is `train` and `val` together.
/// The pictures carry a banner of 20 rows that names their photographer; it is left in, as the
/// published preprocessing is not known to have cut it off.
///
/// *Reference:* Maji et al., "Fine-grained visual classification of aircraft", arXiv:1306.5151.
enum AircraftLists: ArchiveLists {
    static let name = DatasetName.fgvcAircraft
    /// The file whose presence tells the layout.
    static let mark = "images_variant_test.txt"
    static let places = ["", "data", "fgvc-aircraft-2013b", "fgvc-aircraft-2013b/data"].map(Place.init)
    static let matlab: MatlabForm? = nil

    static func read(_ folder: String) throws(DatasetError) -> ArchiveList {
        let classes = try ListFile(name, folder: folder, file: "variants.txt")
        var labels: [Substring: Int] = [:]
        for line in classes.lines {
            guard labels.updateValue(labels.count, forKey: line.text) == nil else {
                throw classes.error(line, "'\(line.text)' is listed twice")
            }
        }
        var training: [ListedPhoto] = []
        for file in trainingFiles(folder) { training += try photos(folder, file, labels) }
        return try ArchiveList(
            classNames: classes.lines.map { String($0.text) }, training: training,
            test: try photos(folder, mark, labels)
        ).checked(folder)
    }

    private static func trainingFiles(_ folder: String) -> [String] {
        let whole = "images_variant_trainval.txt"
        return Files.exists(Files.join(folder, whole))
            ? [whole] : ["images_variant_train.txt", "images_variant_val.txt"]
    }

    private static func photos(
        _ folder: String, _ file: String, _ labels: [Substring: Int]
    ) throws(DatasetError) -> [ListedPhoto] {
        let list = try ListFile(name, folder: folder, file: file)
        var photos: [ListedPhoto] = []
        for line in list.lines {
            let (number, variant) = try list.pair(line)
            guard let label = labels[variant] else {
                throw list.error(line, "'\(variant)' is not in variants.txt")
            }
            let path = try list.imagePath(number, below: "images", line)
            photos.append(ListedPhoto(path: "\(path).jpg", label: label))
        }
        return photos
    }
}

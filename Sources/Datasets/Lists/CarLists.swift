/// The annotations of Stanford Cars in text form: `cars_train_annos.txt` and
/// `cars_test_annos_withlabels.txt`, a file below `cars_train/` or `cars_test/` and its class (from 1)
/// to a line, `00001.jpg 14`; and `cars_meta.txt`, a class name to a line, in order.
///
/// The archive holds them as MATLAB files, which are refused with the line of Python that writes
/// this form.
///
/// *Reference:* Krause et al., "3D object representations for fine-grained categorization",
/// 3dRR-13, 2013.
enum CarLists: ArchiveLists {
    static let name = DatasetName.stanfordCars
    static let mark = "cars_test_annos_withlabels.txt"
    static let places = [
        Place(""), Place("", lists: "devkit"), Place("stanford_cars"),
        Place("stanford_cars", lists: "devkit"),
    ]

    static let matlab: MatlabForm? = MatlabForm(
        mark: "cars_test_annos_withlabels.mat",
        textForm: "cars_train_annos.txt, cars_test_annos_withlabels.txt and cars_meta.txt",
        conversion: """
            python3 -c "import scipy.io as s; [open(n + '.txt', 'w').writelines('%s %d\\n' % \
            (a['fname'][0], a['class'][0, 0]) for a in s.loadmat(n)['annotations'][0]) \
            for n in ('cars_train_annos', 'cars_test_annos_withlabels')]; open('cars_meta.txt', \
            'w').writelines(c[0] + '\\n' for c in s.loadmat('cars_meta')['class_names'][0])"
            """)

    static func read(_ folder: String) throws(DatasetError) -> ArchiveList {
        let names = try ListFile(name, folder: folder, file: "cars_meta.txt")
        let classNames = names.lines.map { String($0.text) }
        return try ArchiveList(
            classNames: classNames,
            training: try photos(folder, "cars_train_annos.txt", "cars_train", classNames.count),
            test: try photos(folder, mark, "cars_test", classNames.count)
        ).checked(folder)
    }

    private static func photos(
        _ folder: String, _ file: String, _ images: String, _ classCount: Int
    ) throws(DatasetError) -> [ListedPhoto] {
        let list = try ListFile(name, folder: folder, file: file)
        var photos: [ListedPhoto] = []
        for line in list.lines {
            let (path, number) = try list.pair(line)
            guard let label = Int(number), (1...max(1, classCount)).contains(label) else {
                throw list.error(line, "'\(number)' is not a class from 1 to \(classCount)")
            }
            photos.append(
                ListedPhoto(
                    path: try list.imagePath(path, below: images, line), label: label - 1))
        }
        return photos
    }
}

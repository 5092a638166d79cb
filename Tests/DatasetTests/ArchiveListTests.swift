import Datasets
import Testing

/// The lists of the archives, in lines as the real ones have them.
@Suite("Lists of photo archives")
struct ArchiveListTests {
    private static let aircraft = [
        "data/variants.txt": "707-320\nF-16A/B\nFokker 100\n",
        "data/images_variant_trainval.txt": "1025794 707-320\r\n0034309 F-16A/B\r\n\r\n",
        "data/images_variant_test.txt": "0062781 Fokker 100\n1340192 707-320\n",
        "data/images/1025794.jpg": "a", "data/images/0034309.jpg": "ab",
        "data/images/0062781.jpg": "abc", "data/images/1340192.jpg": "abcd",
    ]

    private static let birds = [
        "classes.txt": "1 001.Black_footed_Albatross\n2 002.Laysan_Albatross\n",
        "images.txt": """
            1 001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg
            2 001.Black_footed_Albatross/Black_Footed_Albatross_0009_34.jpg
            3 002.Laysan_Albatross/Laysan_Albatross_0002_1027.jpg
            """,
        "image_class_labels.txt": "1 1\n2 1\n3 2\n",
        "train_test_split.txt": "1 0\n2 1\n3 1\n",
        "images/001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg": "a",
        "images/001.Black_footed_Albatross/Black_Footed_Albatross_0009_34.jpg": "b",
        "images/002.Laysan_Albatross/Laysan_Albatross_0002_1027.jpg": "c",
    ]

    private static let dogs = [
        "train_list.txt": "n02085620-Chihuahua/n02085620_5927.jpg 1\n",
        "test_list.txt": """
            n02116738-African_hunting_dog/n02116738_9829.jpg 120
            n02085620-Chihuahua/n02085620_2650.jpg 1
            """,
        "Images/n02085620-Chihuahua/n02085620_5927.jpg": "a",
        "Images/n02085620-Chihuahua/n02085620_2650.jpg": "b",
        "Images/n02116738-African_hunting_dog/n02116738_9829.jpg": "c",
    ]

    private static let cars = [
        "devkit/cars_meta.txt": "AM General Hummer SUV 2000\nAcura RL Sedan 2012\n",
        "devkit/cars_train_annos.txt": "00001.jpg 2\n00002.jpg 1\n",
        "devkit/cars_test_annos_withlabels.txt": "00001.jpg 1\n",
        "cars_train/00001.jpg": "a", "cars_train/00002.jpg": "b", "cars_test/00001.jpg": "c",
    ]

    private static func find(
        _ name: DatasetName, _ files: [String: String], _ change: [String: String?] = [:]
    ) throws -> PhotoSet {
        let files = files.merging(change.compactMapValues { $0 }) { $1 }
            .filter { change[$0.key] != .some(nil) }
        return try withFolder(files.mapValues { Array($0.utf8) }) {
            try PhotoSet.find(name, root: $0)
        }
    }

    private static func lines(_ set: PhotoSet) -> [String] {
        [("train", set.training), ("test", set.test)].flatMap { side, list in
            (0..<list.count).map {
                "\(side) \(list.path(at: $0)) \(set.classNames[list.label(at: $0)])"
            }
        }
    }

    @Test("FGVC-Aircraft: variants may hold blanks and slashes, and come in the order of their file")
    func aircraft() throws {
        let set = try Self.find(.fgvcAircraft, Self.aircraft)
        #expect(
            Self.lines(set) == [
                "train images/1025794.jpg 707-320", "train images/0034309.jpg F-16A/B",
                "test images/1340192.jpg 707-320", "test images/0062781.jpg Fokker 100",
            ])
        #expect([0, 1].map(set.training.byteCount(at:)) == [1, 2])
        #expect(set.provenance.isSubset && set.provenance.format == .archiveLists)
    }

    @Test("FGVC-Aircraft: train and val together are trainval")
    func aircraftHalves() throws {
        let halves = try Self.find(
            .fgvcAircraft, Self.aircraft,
            [
                "data/images_variant_trainval.txt": nil,
                "data/images_variant_train.txt": "0034309 F-16A/B\n",
                "data/images_variant_val.txt": "1025794 707-320\n",
            ])
        #expect(Self.lines(halves) == Self.lines(try Self.find(.fgvcAircraft, Self.aircraft)))
    }

    @Test("CUB-200-2011: three lists are joined by the number of the image")
    func birds() throws {
        #expect(
            Self.lines(try Self.find(.cub200, Self.birds)) == [
                "train images/001.Black_footed_Albatross/Black_Footed_Albatross_0009_34.jpg "
                    + "001.Black_footed_Albatross",
                "train images/002.Laysan_Albatross/Laysan_Albatross_0002_1027.jpg "
                    + "002.Laysan_Albatross",
                "test images/001.Black_footed_Albatross/Black_Footed_Albatross_0046_18.jpg "
                    + "001.Black_footed_Albatross",
            ])
    }

    @Test("Stanford Dogs: the folder is the class, with its number or without")
    func dogs() throws {
        let expected = [
            "train Images/n02085620-Chihuahua/n02085620_5927.jpg Chihuahua",
            "test Images/n02085620-Chihuahua/n02085620_2650.jpg Chihuahua",
            "test Images/n02116738-African_hunting_dog/n02116738_9829.jpg African_hunting_dog",
        ]
        #expect(Self.lines(try Self.find(.stanfordDogs, Self.dogs)) == expected)
        let bare = ["train_list.txt": "n02085620-Chihuahua/n02085620_5927.jpg\n"]
        #expect(Self.lines(try Self.find(.stanfordDogs, Self.dogs, bare)) == expected)
    }

    @Test("Stanford Cars: the lists lie in the development kit, classes count from 1")
    func cars() throws {
        #expect(
            Self.lines(try Self.find(.stanfordCars, Self.cars)) == [
                "train cars_train/00002.jpg AM General Hummer SUV 2000",
                "train cars_train/00001.jpg Acura RL Sedan 2012",
                "test cars_test/00001.jpg AM General Hummer SUV 2000",
            ])
    }

    @Test("Where class folders lie beside the lists, the lists are taken and both are named")
    func bothLayouts() throws {
        let folders = ["train/707-320/1.jpg": "a", "val/707-320/2.jpg": "b"]
        let set = try Self.find(.fgvcAircraft, Self.aircraft.merging(folders) { $1 })
        #expect(set.provenance.format == .archiveLists)
        #expect(set.provenance.unusedFormat == .imageFolder)
        #expect(try Self.find(.fgvcAircraft, folders).provenance.format == .imageFolder)
    }

    @Test("MATLAB lists are refused with the command that converts them")
    func matlab() throws {
        let folders: [(DatasetName, String)] = [
            (.stanfordDogs, "test_list.mat"), (.stanfordCars, "cars_test_annos_withlabels.mat"),
        ]
        for (name, file) in folders {
            let error = #expect(throws: DatasetError.self) {
                try Self.find(name, [file: "MATLAB 5.0 MAT-file"])
            }
            let text = try #require(error).description
            #expect(text.contains(file) && text.contains("python3 -c \"import scipy.io"), "\(text)")
        }
    }

    /// A damaged list and the place that its refusal names.
    private static let damages: [(DatasetName, [String: String], String, String?, String)] = [
        (.fgvcAircraft, aircraft, "data/images_variant_test.txt", "0062781 Fokker 70", "test.txt:1"),
        (.fgvcAircraft, aircraft, "data/images_variant_test.txt", "0062781", "test.txt:1"),
        (.fgvcAircraft, aircraft, "data/images_variant_test.txt", "../../x 707-320", "test.txt:1"),
        (.fgvcAircraft, aircraft, "data/images_variant_test.txt", "1025794 707-320", "1025794.jpg"),
        (.fgvcAircraft, aircraft, "data/images_variant_test.txt", "", "0 test images"),
        (.fgvcAircraft, aircraft, "data/variants.txt", "707-320\n707-320\n", "variants.txt:2"),
        (.fgvcAircraft, aircraft, "data/variants.txt", nil, "variants.txt: no such file"),
        (.fgvcAircraft, aircraft, "data/images/0034309.jpg", nil, "images/0034309.jpg"),
        (.cub200, birds, "image_class_labels.txt", "1 1\n2 1\n", "images.txt:3"),
        (.cub200, birds, "image_class_labels.txt", "1 1\n2 1\n3 3\n", "images.txt:3"),
        (.cub200, birds, "image_class_labels.txt", "1 1\n1 1\n3 2\n", "labels.txt:2"),
        (.cub200, birds, "image_class_labels.txt", "1 one\n2 1\n3 2\n", "labels.txt:1"),
        (.cub200, birds, "train_test_split.txt", "1 0\n2 2\n3 1\n", "images.txt:2"),
        (.cub200, birds, "classes.txt", "2 a\n1 b\n", "classes.txt:1"),
        (.stanfordDogs, dogs, "test_list.txt", "Chihuahua.jpg", "test_list.txt:1"),
        (
            .stanfordDogs, dogs, "test_list.txt", "n02085620-Chihuahua/n02085620_2650.jpg 2",
            "test_list.txt:1"
        ),
        (.stanfordCars, cars, "devkit/cars_train_annos.txt", "00001.jpg 3", "annos.txt:1"),
        (.stanfordCars, cars, "devkit/cars_train_annos.txt", "00001.jpg 0", "annos.txt:1"),
        (.stanfordCars, cars, "devkit/cars_meta.txt", "", "annos.txt:1"),
    ]

    @Test("A damaged list is refused by file and line")
    func damaged() throws {
        for (name, files, path, text, place) in Self.damages {
            let error = #expect(throws: DatasetError.self, "\(path) \(text ?? "removed")") {
                try Self.find(name, files, [path: text])
            }
            #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
        }
    }

    @Test("Bytes that are no text are refused")
    func bytes() throws {
        try withFolder(["variants.txt": [0xFF, 0xFE], "images_variant_test.txt": [0x0A]]) { root in
            #expect(throws: DatasetError.self) {
                try PhotoSet.find(.fgvcAircraft, root: root)
            }
        }
    }
}

/// The files of a photo set's stand-in: where each image goes, and the lists beside them.
struct SyntheticArchive: Sendable {
    /// One image of the stand-in.
    struct Photo: Sendable {
        let split: Split
        /// Counted from 0 in its split.
        let index: Int
        let label: Int
    }

    /// What readers take as the data folder, below the set's own.
    var folder = ""
    /// Relative to `folder`.
    let path: @Sendable (Photo) -> String
    /// The lists by their paths, relative to `folder`.
    var lists: @Sendable ([Photo]) -> [String: [String]] = { _ in [:] }

    init(_ name: DatasetName, _ layout: SyntheticLayout) {
        switch (name, layout) {
        case (.fgvcAircraft, .official): self = .aircraft
        case (.cub200, .official): self = .birds
        case (.stanfordDogs, .official): self = .dogs
        case (.stanfordCars, .official): self = .cars
        case (.horsesOrHumans, _): self = .horsesOrHumans
        case (.imagenet, _), (.imagenette, _), (.miniImagenet, _): self = .imagenetFolders
        case (.imageFolder, _), (.stanfordCars, _), (.stanfordDogs, _), (.fgvcAircraft, _), (.cub200, _), (.shapes, _),
            (.cifar10, _), (.cifar100, _):
            self = .classFolders
        }
    }

    private init(
        folder: String = "", path: @escaping @Sendable (Photo) -> String,
        lists: @escaping @Sendable ([Photo]) -> [String: [String]] = { _ in [:] }
    ) {
        self.folder = folder
        self.path = path
        self.lists = lists
    }
}

extension SyntheticArchive {
    private static func side(_ split: Split) -> String { split == .training ? "train" : "val" }

    private static let classFolders = SyntheticArchive(path: { photo in
        let folder = "class_\(padded(photo.label + 1, to: 3))"
        return "\(side(photo.split))/\(folder)/\(padded(photo.index, to: 6)).jpg"
    })

    /// Under made-up WordNet numbers, so that no class passes for a real one.
    private static let imagenetFolders = SyntheticArchive(path: { photo in
        let folder = "n\(padded(photo.label, to: 8))"
        return "\(side(photo.split))/\(folder)/\(folder)_\(photo.index).JPEG"
    })

    private static let horsesOrHumans = SyntheticArchive(path: { photo in
        let (archive, name) =
            photo.split == .training
            ? ("horse-or-human", "01-\(photo.index)")
            : ("validation-horse-or-human", "1-\(padded(photo.index, to: 3))")
        let kind = photo.label == 0 ? "horse" : "human"
        return "\(archive)/\(kind)s/\(kind)\(name).png"
    })

    /// Names of variants hold blanks and slashes, as some real ones do.
    private static let aircraft = SyntheticArchive(
        folder: "fgvc-aircraft-2013b/data", path: { "images/\(number($0)).jpg" },
        lists: { photos in
            let variants = labels(.fgvcAircraft).map { "Drawn \(padded($0 + 1, to: 3)) A/B" }
            let lines = { (split: Split) in
                photos.filter { $0.split == split }.map { "\(number($0)) \(variants[$0.label])" }
            }
            return [
                "variants.txt": variants, "images_variant_trainval.txt": lines(.training),
                AircraftLists.mark: lines(.test),
            ]
        })

    private static let birds = SyntheticArchive(
        folder: "CUB_200_2011", path: { "images/\(bird($0.label))/\(number($0)).jpg" },
        lists: { photos in
            let numbered = photos.enumerated().map { (number: $0 + 1, photo: $1) }
            return [
                "classes.txt": labels(.cub200).map { "\($0 + 1) \(bird($0))" },
                "images.txt": numbered.map {
                    "\($0.number) \(bird($0.photo.label))/\(Self.number($0.photo)).jpg"
                },
                "image_class_labels.txt": numbered.map { "\($0.number) \($0.photo.label + 1)" },
                BirdLists.mark: numbered.map {
                    "\($0.number) \($0.photo.split == .training ? 1 : 0)"
                },
            ]
        })

    private static let dogs = SyntheticArchive(
        path: { "Images/\(dog($0))" },
        lists: { photos in
            let lines = { (split: Split) in
                photos.filter { $0.split == split }.map { "\(dog($0)) \($0.label + 1)" }
            }
            return ["train_list.txt": lines(.training), DogLists.mark: lines(.test)]
        })

    private static let cars = SyntheticArchive(
        path: { "cars_\($0.split == .training ? "train" : "test")/\(car($0))" },
        lists: { photos in
            let lines = { (split: Split) in
                photos.filter { $0.split == split }.map { "\(car($0)) \($0.label + 1)" }
            }
            return [
                "devkit/cars_meta.txt": labels(.stanfordCars).map { "Drawn Car \($0 + 1) 2026" },
                "devkit/cars_train_annos.txt": lines(.training),
                "devkit/\(CarLists.mark)": lines(.test),
            ]
        })

    private static func labels(_ name: DatasetName) -> Range<Int> { 0..<name.facts.classCount }

    private static func bird(_ label: Int) -> String {
        "\(padded(label + 1, to: 3)).Drawn_Bird_\(label + 1)"
    }

    private static func dog(_ photo: Photo) -> String {
        let number = "n\(padded(photo.label, to: 8))"
        return "\(number)-Drawn_dog_\(photo.label + 1)/\(number)_\(Self.number(photo)).jpg"
    }

    private static func car(_ photo: Photo) -> String { "\(padded(photo.index + 1, to: 5)).jpg" }

    /// Seven digits; those of the test begin with 9.
    private static func number(_ photo: Photo) -> String {
        (photo.split == .training ? "0" : "9") + padded(photo.index + 1, to: 6)
    }

    private static func padded(_ number: Int, to length: Int) -> String {
        let digits = "\(number)"
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}

/// Whether photos are those of an official release, as far as counts and sizes tell.
extension DatasetName {
    /// Whether folders of so many classes may pass for the data set. Class folders of the
    /// fine-grained sets are everybody's own work, so a part of them is a subset and is said to be
    /// one; a part of ImageNet is a data set of one's own.
    func allows(classCount: Int, isStandIn: Bool) -> Bool {
        switch self {
        case .imageFolder: true
        case .shapes, .cifar10, .cifar100, .imagenet, .imagenette:
            classCount == facts.classCount || (isStandIn && classCount < facts.classCount)
        case .miniImagenet, .stanfordCars, .stanfordDogs, .fgvcAircraft, .cub200, .horsesOrHumans:
            classCount <= facts.classCount
        }
    }

    func origin(of classes: [String], training: PhotoList, test: PhotoList) -> Provenance.Origin {
        switch self {
        case .imageFolder: .own
        case .imagenet:
            training.fitsArchive(of: 147_897_477_120, classCount: facts.classCount)
                && training.count == facts.trainingCount && test.count == facts.testCount
                ? .official : .differing
        case .miniImagenet, .stanfordCars, .stanfordDogs, .fgvcAircraft, .cub200,
            .horsesOrHumans:
            classes.count == facts.classCount && training.count == facts.trainingCount
                && test.count == facts.testCount
                ? .prepared : .differing
        case .shapes, .cifar10, .cifar100, .imagenette: .differing
        }
    }
}

extension PhotoList {
    /// Whether the photos, packed as tar archives of classes within one tar archive, would be as large
    /// as the official one: copies that were resized have the same names and counts.
    fileprivate func fitsArchive(of byteCount: Int, classCount: Int) -> Bool {
        func padded(_ count: Int, to block: Int) -> Int { (count + block - 1) / block * block }
        let photos = (0..<count).reduce(0) { $0 + 512 + padded(self.byteCount(at: $1), to: 512) }
        // An archive ends with two empty blocks and is filled up to twenty.
        let slack = (classCount + 1) * 10_240
        let least = photos + classCount * 512
        return (least...least + slack).contains(byteCount)
    }
}

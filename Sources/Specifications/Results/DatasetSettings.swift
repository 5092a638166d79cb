public import Datasets
public import Models

/// A data set and, where the program draws it, how much of it.
public struct DatasetSettings: Hashable, Sendable, Codable {
    public let name: DatasetName
    /// Training images to draw; nil where the data on disk decide.
    public let trainCount: Int?
    /// Test images to draw; nil where the data on disk decide.
    public let testCount: Int?
    /// How exactly photos are decoded.
    public let decode: DecodeMode
    /// What happens to photos that cannot be decoded.
    public let corruptImages: CorruptImagePolicy
    /// The number of classes where the name of the data set does not tell; nil until it is known.
    public private(set) var classCount: Int?
    /// The shorter side that larger photos are shrunk to before anything else; nil to leave them.
    public let shorterSide: Int?

    public init(
        name: DatasetName, trainCount: Int? = nil, testCount: Int? = nil,
        decode: DecodeMode = .exact, corruptImages: CorruptImagePolicy = .fail,
        classCount: Int? = nil, shorterSide: Int? = nil
    ) {
        self.name = name
        self.trainCount = trainCount
        self.testCount = testCount
        self.decode = decode
        self.corruptImages = corruptImages
        self.classCount = classCount
        self.shorterSide = shorterSide
    }

    /// How many images to draw, training images first.
    var counts: [Int?] { [trainCount, testCount] }

    /// The same settings with the number of classes that was found on disk.
    public func with(classCount: Int) -> DatasetSettings {
        var settings = self
        settings.classCount = classCount
        return settings
    }

    /// The data set as it is when a spec says no more than its name.
    public init(defaultsOf name: DatasetName) {
        switch name.kind {
        case .drawn:
            self.init(
                name: name, trainCount: name.facts.trainingCount, testCount: name.facts.testCount)
        case .small, .photos: self.init(name: name)
        }
    }
}

extension Stem {
    /// The stem that goes with a data set when a spec does not say: small images keep their size.
    public init(defaultFor dataset: DatasetName) {
        switch dataset.kind {
        case .drawn, .small: self = .cifar
        case .photos: self = .imagenet
        }
    }
}

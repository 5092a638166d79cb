public import Datasets
public import Models

/// A data set and, where the program draws it, how much of it.
public struct DatasetSettings: Hashable, Sendable, Codable {
    public let name: DatasetName
    /// Training images to draw; nil where the data on disk decide.
    public let trainCount: Int?
    /// Test images to draw; nil where the data on disk decide.
    public let testCount: Int?

    public init(name: DatasetName, trainCount: Int? = nil, testCount: Int? = nil) {
        self.name = name
        self.trainCount = trainCount
        self.testCount = testCount
    }

    /// The data set as it is when a spec says no more than its name.
    public init(defaultsOf name: DatasetName) {
        switch name {
        case .shapes:
            self.init(
                name: name, trainCount: name.facts.trainingCount, testCount: name.facts.testCount)
        case .cifar10, .cifar100, .imagenet, .imagenette, .imageFolder: self.init(name: name)
        }
    }
}

/// What happens to a training image before the network sees it.
public enum AugmentationChoice: String, Hashable, Sendable, Codable, CaseIterable {
    /// The data set's own published protocol.
    case standard
    /// Normalization only.
    case none
}

extension Stem {
    /// The stem that goes with a data set when a spec does not say: small images keep their size.
    public init(defaultFor dataset: DatasetName) {
        switch dataset {
        case .shapes, .cifar10, .cifar100: self = .cifar
        case .imagenet, .imagenette, .imageFolder: self = .imagenet
        }
    }
}

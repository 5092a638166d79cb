/// The data sets there are.
public enum DatasetName: String, Hashable, Sendable, Codable, CaseIterable {
    /// Drawn by the program: ten shapes under nuisance variation, 32×32.
    case shapes
    case cifar10
    case cifar100
    case imagenet
    /// Ten easy classes of ImageNet.
    case imagenette
    /// Any folder of class folders, whatever their number.
    case imageFolder = "image_folder"
}

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
    /// A hundred classes of ImageNet, split by images.
    case miniImagenet = "mini_imagenet"
    case stanfordCars = "stanford_cars"
    case stanfordDogs = "stanford_dogs"
    case fgvcAircraft = "fgvc_aircraft"
    /// CUB-200-2011.
    case cub200
    case horsesOrHumans = "horses_or_humans"

    /// Where the images of a set come from.
    public enum Kind: Hashable, Sendable {
        /// The program draws them.
        case drawn
        /// Small ones, all in memory.
        case small
        /// Photographs of any size, decoded when they are asked for.
        case photos
    }

    public var kind: Kind {
        switch self {
        case .shapes: .drawn
        case .cifar10, .cifar100: .small
        case .imagenet, .imagenette, .imageFolder, .miniImagenet, .stanfordCars, .stanfordDogs,
            .fgvcAircraft, .cub200, .horsesOrHumans:
            .photos
        }
    }
}

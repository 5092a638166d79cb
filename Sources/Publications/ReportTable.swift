/// The published tables that runs are set beside. Any other name makes a plain table.
public enum ReportTable: String, Hashable, Sendable, Codable, CaseIterable {
    /// Table 5: ImageNet, top-1 error.
    case imagenet
    /// Figure 5: Mini-ImageNet, test accuracy.
    case miniImagenet = "mini_imagenet"
    /// Table 1: CIFAR-100, five networks.
    case cifar100Networks = "cifar100_networks"
    /// Table 2: CIFAR-100, five optimizers.
    case cifar100Optimizers = "cifar100_optimizers"
    /// Table 7: four fine-grained data sets, test accuracy.
    case fineGrained = "fine_grained"
    /// Table 8: COCO, Faster R-CNN, box AP.
    case cocoFasterRCNN = "coco_faster_rcnn"
    /// Table 9: COCO, Mask R-CNN, box and mask AP.
    case cocoMaskRCNN = "coco_mask_rcnn"
    /// Market-1501 re-identification, mAP and rank-1.
    case market1501
    /// Global covariance pooling on ImageNet, top-1 accuracy.
    case covariancePooling = "covariance_pooling"
    /// The Keras example, training accuracy.
    case kerasHorsesOrHumans = "keras_horses_or_humans"

    /// What was published under this name.
    public var publication: Publication {
        switch self {
        case .imagenet: .imagenet
        case .miniImagenet: .miniImagenet
        case .cifar100Networks: .cifar100Networks
        case .cifar100Optimizers: .cifar100Optimizers
        case .fineGrained: .fineGrained
        case .cocoFasterRCNN: .cocoFasterRCNN
        case .cocoMaskRCNN: .cocoMaskRCNN
        case .market1501: .market1501
        case .covariancePooling: .covariancePooling
        case .kerasHorsesOrHumans: .kerasHorsesOrHumans
        }
    }
}

internal import Datasets
internal import Models
internal import Optimizers
internal import Tensors

// The language of specs in tables: parsing, messages and documentation all follow from them. A new
// optimizer constant, norm or schedule is one more row here and one more case where it is used.

extension SpecificationSection {
    /// The document.
    public static let document = SpecificationSection(
        "a spec",
        [
            Entry(
                .table, .text, .optional, isAxis: false,
                "the table of the report; a published table's name adds its figures"),
            Entry(
                .label, .text, .optional, isAxis: false,
                "the row's name, before what varies"),
            Entry(.dataset, .named(.dataset), .required, "the images"),
            Entry(
                .augmentation, .name(names(AugmentationChoice.self)),
                .defaults(to: AugmentationChoice.standard.rawValue),
                "how images are prepared: the data set's own protocol, none, or another one's"),
            Entry(.backbone, .named(.backbone), .required, "the network"),
            Entry(
                .stem, .name(names(Stem.self)), .optional,
                "how the network meets the image; by default what fits the data set"),
            Entry(
                .head, .named(.head), .defaults(to: Head.Name.gap.rawValue),
                "what makes the vector that is classified"),
            Entry(
                .normalization, .named(.normalization), .optional,
                "what follows each convolution; by default what the network was published with"),
            Entry(
                .initialization, .name(names(Initialization.self)),
                .defaults(to: Initialization.torch.rawValue),
                "how weights start; centralization preserves the starting means"),
            Entry(
                .pretrained, .named(.pretrained), .optional,
                "a file of weights to start from, of the same network"),
            Entry(.optimizer, .map(.optimizer), .required, "the update rule"),
            Entry(
                .gradientCentralization, .name(names(GradientCentralizationMode.self)), .optional,
                "which gradients are centralized; none by default"),
            Entry(
                .labelSmoothing, .number(.share), .defaults(to: "0"),
                "the share of a target that is spread over all classes"),
            Entry(
                .schedule, .named(.schedule),
                .defaults(to: Schedule.Name.constant.rawValue),
                "how the learning rate moves"),
            Entry(
                .parameterGroups, .maps(.parameterGroup), .optional, isAxis: false,
                "parameters with another decay or rate, frozen, or with their own optimizer"),
            Entry(
                .quirks, .names(names(ProtocolQuirk.self)), .optional,
                "what a published script does and its paper does not say; none by default"),
            Entry(.epochs, .integer(0...1_000_000), .required, "passes over the training images"),
            Entry(.batchSize, .integer(1...1_000_000), .required, "images per training step"),
            Entry(
                .evaluationBatchSize, .integer(1...1_000_000), .optional,
                "images per evaluation step; batch_size by default"),
            Entry(
                .replicas, .integer(1...4_096), .defaults(to: "1"),
                "equal micro-batches of a batch, each with its own batch statistics"),
            Entry(
                .dropLast, .boolean, .defaults(to: "true"),
                "whether images left over after whole batches sit an epoch out"),
            Entry(
                .validation, .integer(0...100_000_000), .defaults(to: "0"),
                "training images kept apart to choose the best epoch on"),
            Entry(
                .precision, .name([ScalarType.float32, .bfloat16, .float64].map(\.rawValue)),
                .defaults(to: ScalarType.float32.rawValue), "the numbers of the engine"),
            Entry(
                .threads, .nameOrInteger([ThreadCount.automatic.description], 1...1_024),
                .defaults(to: ThreadCount.automatic.description),
                "compute threads of a job"),
            Entry(
                .seeds, .seeds, .defaults(to: "1"), isAxis: false,
                "how many seeds, from 0, or a list that names them"),
            Entry(
                .variants, .variants, .optional, isAxis: false,
                "overrides of this document, each with its own grid"),
        ])

    private static let photoSets = DatasetName.allCases.filter { $0.kind == .photos }.map(
        \.rawValue)

    static let dataset = SpecificationSection(
        "dataset", names: names(DatasetName.self),
        [
            Entry(.name, .name(names(DatasetName.self)), .required, "the data set"),
            Entry(
                .root, .path, .optional, isAxis: false,
                of: DatasetName.allCases.filter { $0 != .shapes }.map(\.rawValue),
                "the folder of the data or its parent; ${VAR} stands for a variable"),
            Entry(
                .train, .integer(1...100_000_000),
                .defaults(to: "\(DatasetName.shapes.facts.trainingCount)"),
                of: [DatasetName.shapes.rawValue], "training images to draw"),
            Entry(
                .test, .integer(1...100_000_000),
                .defaults(to: "\(DatasetName.shapes.facts.testCount)"),
                of: [DatasetName.shapes.rawValue], "test images to draw"),
            Entry(
                .shorterSide, .integer(16...4_096), .optional, of: photoSets,
                "what the shorter side of larger photos is shrunk to before anything else"),
            Entry(
                .classes, .integer(1...1_000_000), .optional,
                of: [DatasetName.imageFolder.rawValue],
                "the number of classes, for planning without the folder"),
            Entry(
                .decode, .name(names(DecodeMode.self)),
                .defaults(to: DecodeMode.exact.rawValue), of: photoSets,
                "exact: PIL's pixels; scaled: faster, decoded at a reduced size where possible"),
            Entry(
                .corruptImages, .name(names(CorruptImagePolicy.self)),
                .defaults(to: CorruptImagePolicy.fail.rawValue), of: photoSets,
                "fail at a photo that cannot be decoded, or skip it from the start"),
        ])

    static let pretrained = SpecificationSection(
        "pretrained",
        [
            Entry(
                .path, .path, .required,
                "a safetensors or PyTorch file; ${VAR} stands for a variable"),
            Entry(
                .digest, .text, .optional, isAxis: false,
                "what the weights' digest starts with; other weights are refused"),
            Entry(
                .replaceClassifier, .boolean, .defaults(to: "false"),
                "whether the classifier starts anew also where the number of classes agrees"),
        ])

    static let backbone = SpecificationSection(
        "backbone", names: names(Backbone.self),
        [
            Entry(.name, .name(names(Backbone.self)), .required, "the network"),
            Entry(
                .strideIn, .name(names(StridePlace.self)),
                .defaults(to: StridePlace.threeByThree.rawValue),
                of: Backbone.allCases.filter(\.hasBottlenecks).map(\.rawValue),
                "which convolution of a bottleneck has the stride"),
        ])

    static let head = SpecificationSection(
        "head", names: names(Head.Name.self),
        [
            Entry(.name, .name(names(Head.Name.self)), .required, "the head"),
            Entry(
                .dimension, .integer(2...2_048), .defaults(to: "\(Head.defaultDimension)"),
                of: [Head.Name.fastMPN, .dropCov].map(\.rawValue),
                "channels that features are reduced to before their covariance is taken"),
            Entry(
                .iterations, .integer(2...64), .defaults(to: "\(Head.defaultIterations)"),
                of: [Head.Name.fastMPN.rawValue], "Newton–Schulz steps towards the square root"),
        ])

    static let normalization = SpecificationSection(
        "normalization", names: names(Normalization.Name.self),
        [
            Entry(.name, .name(names(Normalization.Name.self)), .required, "the normalization"),
            Entry(
                .groups, .integer(1...65_536),
                .defaults(to: "\(Normalization.defaultGroups)"),
                of: [Normalization.Name.gn.rawValue], "groups of channels"),
            Entry(
                .weightStandardization, .boolean, .defaults(to: "false"),
                "whether filters have mean 0 and deviation 1"),
        ])

    static func names<Name: CaseIterable & RawRepresentable<String>>(
        _ type: Name.Type
    ) -> [String] {
        type.allCases.map(\.rawValue)
    }
}

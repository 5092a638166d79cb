import Tensors

/// Finds the tensors of a network in a file, where they may have other names than torchvision's:
/// timm calls the last layer of some networks otherwise, and so do older files.
struct WeightNames {
    private let file: [String: Shape]
    private let network: Set<String>
    private let classifier: String?

    init(in file: [String: Shape], network: Set<String>, classifier: String?) {
        self.file = file
        self.network = network
        self.classifier = classifier
    }

    /// What the last layer is called: torchvision's ResNet; timm's ResNet, VGG and DenseNet, and
    /// its transformers; torchvision's VGG; pretrainedmodels.
    private static let classifiers = [
        "fc", "head.fc", "classifier", "head", "classifier.6", "last_linear",
    ]

    /// The file's name of a variable; nil where there is none.
    subscript(path: String) -> String? {
        candidates(path).first { name in
            file[name] != nil && (name == path || !network.contains(name))
        }
    }

    func isOfClassifier(_ path: String) -> Bool {
        classifier.map { path.hasPrefix($0 + ".") } ?? false
    }

    /// Everything in the file that is a classifier's.
    var classifierNames: Set<String> {
        Set(network.filter(isOfClassifier).flatMap(candidates)).filter { file[$0] != nil }
    }

    private func candidates(_ path: String) -> [String] {
        if let classifier, isOfClassifier(path) {
            let last = path.dropFirst(classifier.count)
            return [path] + Self.classifiers.map { $0 + last }
        }
        // torchvision's DenseNet files have "norm.1" where its code has "norm1".
        let dotted = path.replacing(/\.(norm|conv)([12])\./) { ".\($0.output.1).\($0.output.2)." }
        return dotted == path ? [path] : [path, dotted]
    }
}

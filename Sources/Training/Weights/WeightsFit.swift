public import Graphs
import Optimizers
public import Specifications
public import Tensors
public import Weights

/// How the tensors of a file go to the variables of a network.
public struct WeightsFit: Hashable, Sendable {
    /// The file's names by the network's.
    private let names: [String: String]
    /// The path of the layer that makes the scores, where it starts anew.
    public let newClassifier: String?

    /// What may be done about a classifier of the file that does not fit.
    public enum ClassifierRule: Hashable, Sendable {
        case mustFit
        /// It starts anew where its number of classes is another, or where there is none.
        case mayDiffer
        case startsAnew
    }

    /// Pairs every parameter and running statistic of `graph` with a tensor.
    ///
    /// - Parameter file: the shapes of the file's tensors.
    /// - Throws: ``WeightsMismatch`` with everything that is missing, mis-shaped or unexpected.
    public init(
        of file: [String: Shape], to graph: Graph, classifier rule: ClassifierRule
    ) throws(WeightsMismatch) {
        let variables = graph.variables.filter(\.isPartOfTheModel)
        let known = WeightNames(
            in: file, network: Set(variables.map(\.path)), classifier: graph.head)
        let isNew = !variables.allSatisfy { variable in
            !known.isOfClassifier(variable.path)
                || known[variable.path].flatMap { file[$0] } == variable.spec.shape
        }
        let renewed =
            switch rule {
            case .mustFit: false
            case .mayDiffer: isNew
            case .startsAnew: true
            }
        newClassifier = renewed ? graph.head : nil
        let expected = variables.filter { !renewed || !known.isOfClassifier($0.path) }
        names = Dictionary(
            uniqueKeysWithValues: expected.compactMap { variable in
                known[variable.path].map { (variable.path, $0) }
            })
        let taken = Set(names.values).union(renewed ? known.classifierNames : [])
        let mismatch = WeightsMismatch(
            missing: expected.map(\.path).filter { known[$0] == nil },
            misshapen: expected.compactMap { WeightsMismatch.Shapes($0, known[$0.path], file) },
            unexpected: file.keys.filter { !taken.contains($0) && !$0.isBatchCounter }.sorted())
        guard mismatch.isEmpty else { throw mismatch }
    }

    /// The tensors of the file by the network's names.
    public func tensors(of file: WeightsFile) -> [String: HostTensor] {
        names.compactMapValues { file.tensors[$0] }
    }
}

extension JobSpecification {
    /// What becomes of the classifier of pretrained weights.
    public var classifierRule: WeightsFit.ClassifierRule {
        pretrained?.replacesClassifier == true ? .startsAnew : .mayDiffer
    }
}

extension WeightsFile {
    public var shapes: [String: Shape] { tensors.mapValues(\.shape) }

    /// The tensors of a network, all of which must be there and fit.
    func tensors(fitting graph: Graph) throws(MisfittingWeights) -> [String: HostTensor] {
        do {
            return try WeightsFit(of: shapes, to: graph, classifier: .mustFit).tensors(of: self)
        } catch {
            throw MisfittingWeights(path: path, mismatch: error)
        }
    }
}

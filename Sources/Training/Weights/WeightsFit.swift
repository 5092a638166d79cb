public import Graphs
import Models
import Optimizers
public import Specifications
public import Tensors
public import Weights

/// How the tensors of a file go to the variables of a network.
public struct WeightsFit: Hashable, Sendable {
    /// The file's names by the network's.
    private let names: [String: String]
    /// The layers that start anew, by path: those of a head that the file's network does not have,
    /// and the one that makes the scores.
    public let newLayers: [String]

    /// What may be done about a classifier of the file that does not fit, and about the layers of a
    /// ``Head`` in front of it.
    public enum ClassifierRule: Hashable, Sendable {
        case mustFit
        /// It starts anew where its number of classes or features is another, or where there is none.
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
        let misfits = variables.filter { known[$0.path].flatMap { file[$0] } != $0.spec.shape }
        let anew = Self.layersAnew(misfits.map(\.path), classifier: graph.head, rule)
        newLayers = anew
        let expected = variables.filter { !$0.path.isOf(anew) }
        names = Dictionary(
            uniqueKeysWithValues: expected.compactMap { variable in
                known[variable.path].map { (variable.path, $0) }
            })
        // What another head has in front of the classifier is no more to this network than that is.
        let left = rule == .mustFit ? [] : file.keys.filter { $0.isOf(Head.layers) }
        let taken = Set(names.values).union(left)
            .union(graph.head.map(anew.contains) == true ? known.classifierNames : [])
        let mismatch = WeightsMismatch(
            missing: expected.map(\.path).filter { known[$0] == nil },
            misshapen: expected.compactMap { WeightsMismatch.Shapes($0, known[$0.path], file) },
            unexpected: file.keys.filter { !taken.contains($0) && !$0.isBatchCounter }.sorted())
        guard mismatch.isEmpty else { throw mismatch }
    }

    private static func layersAnew(
        _ misfits: [String], classifier: String?, _ rule: ClassifierRule
    ) -> [String] {
        func isNew(_ layer: String) -> Bool { misfits.contains { $0.isOf([layer]) } }
        guard rule != .mustFit else { return [] }
        let layers = Head.layers.filter(isNew)
        guard let classifier,
            rule == .startsAnew || layers.contains(Head.reduction) || isNew(classifier)
        else { return layers }
        return layers + [classifier]
    }

    /// The tensors of the file by the network's names.
    public func tensors(of file: WeightsFile) -> [String: HostTensor] {
        names.compactMapValues { file.tensors[$0] }
    }
}

extension String {
    /// Whether it names a parameter of one of the layers.
    fileprivate func isOf(_ layers: [String]) -> Bool { layers.contains { hasPrefix($0 + ".") } }
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

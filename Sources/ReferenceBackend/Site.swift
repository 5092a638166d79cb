import Graphs
import Tensors

/// Where an instruction finds its operands and leaves its results.
struct Site<Scalar: ReferenceScalar> {
    let instruction: Instruction
    let arena: HostArena

    /// Operand `index` as numbers of the backend's own format.
    func operand(_ index: Int) -> View<Scalar> { view(instruction.operands[index]) }

    func result(_ index: Int) -> View<Scalar> { view(instruction.results[index]) }

    func view<Element: HostScalar>(_ region: Region, of element: Element.Type = Element.self)
        -> View<Element>
    {
        let start = (arena.base + region.offset).assumingMemoryBound(to: Element.self)
        return View(start: start, shape: region.spec.shape)
    }

    /// The loops that belong to the operation.
    func kernel() -> () -> Void {
        switch instruction.operation {
        case .convolution(let rule): rule.kernel(self)
        case .convolutionDataGradient(let rule): rule.kernel(self)
        case .convolutionWeightGradient(let rule): rule.kernel(self)
        case .weightStandardization(let rule): rule.kernel(self)
        case .weightStandardizationGradient(let rule): rule.kernel(self)
        case .matrixProduct(let rule): rule.kernel(self)
        case .addBias(let rule): rule.kernel(self)
        case .biasGradient(let rule): rule.kernel(self)
        case .normalization(let rule): rule.kernel(self)
        case .normalizationGradient(let rule): rule.kernel(self)
        case .normalizationInference(let rule): rule.kernel(self)
        case .foldNormalization(let rule): rule.kernel(self)
        case .exponentialAverage(let rule): rule.kernel(self)
        case .relu(let rule): rule.kernel(self)
        case .reluGradient(let rule): rule.kernel(self)
        case .add(let rule): rule.kernel(self)
        case .constant(let rule): rule.kernel(self)
        case .dropout(let rule): rule.kernel(self)
        case .maxPool(let rule): rule.kernel(self)
        case .maxPoolGradient(let rule): rule.kernel(self)
        case .averagePool(let rule): rule.kernel(self)
        case .averagePoolGradient(let rule): rule.kernel(self)
        case .globalAveragePool(let rule): rule.kernel(self)
        case .globalAveragePoolGradient(let rule): rule.kernel(self)
        case .concatenation(let rule): rule.kernel(self)
        case .concatenationGradient(let rule): rule.kernel(self)
        case .covariance(let rule): rule.kernel(self)
        case .covarianceGradient(let rule): rule.kernel(self)
        case .matrixSquareRoot(let rule): rule.kernel(self)
        case .matrixSquareRootGradient(let rule): rule.kernel(self)
        case .upperTriangle(let rule): rule.kernel(self)
        case .upperTriangleGradient(let rule): rule.kernel(self)
        case .channelAttention(let rule): rule.kernel(self)
        case .channelAttentionGradient(let rule): rule.kernel(self)
        case .scalePlanes(let rule): rule.kernel(self)
        case .planeProducts(let rule): rule.kernel(self)
        case .dropProbability(let rule): rule.kernel(self)
        case .dropoutMask(let rule): rule.kernel(self)
        case .softmaxCrossEntropy(let rule): rule.kernel(self)
        case .topKCorrect(let rule): rule.kernel(self)
        case .sigmoidCrossEntropy(let rule): rule.kernel(self)
        case .signCorrect(let rule): rule.kernel(self)
        case .update(let program): program.kernel(self)
        case .stepCoefficient(let rule): rule.kernel(self)
        case .squaredNorm(let rule): rule.kernel(self)
        case .clippingFactor(let rule): rule.kernel(self)
        case .reorder(let rule): rule.kernel(self)
        case .convert(let rule): rule.kernel(self)
        case .reshape(let rule): rule.kernel(self)
        case .copy(let rule): rule.kernel(self)
        }
    }
}

/// A tensor in the arena, row-major.
struct View<Element: HostScalar> {
    let start: UnsafeMutablePointer<Element>
    let shape: Shape

    var count: Int { shape.count }

    /// The elements of one pair of indices of the first two axes: a plane of an image or a kernel.
    func plane(_ first: Int, _ second: Int) -> UnsafeMutablePointer<Element> {
        start + (first * shape[1] + second) * (count / (shape[0] * shape[1]))
    }

    subscript(index: Int) -> Element {
        get { start[index] }
        nonmutating set { start[index] = newValue }
    }
}

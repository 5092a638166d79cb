public import Tensors

/// The operations as model code writes them.
extension GraphBuilder {
    /// A weight of another format than x is read through a copy of x's format.
    public func convolution(_ x: Value, _ weight: Value, window: Window, groups: Int = 1)
        throws(ShapeError) -> Value
    {
        let rule = Convolution(window: window, groups: groups)
        return try apply(
            .convolution(rule), to: [x, try copy(of: weight, in: x.spec.scalarType)])[0]
    }

    /// w with each filter standardized, to be read in its place.
    public func standardized(_ weight: Value) throws(ShapeError) -> Value {
        try apply(.weightStandardization(WeightStandardization()), to: [weight])[0]
    }

    /// y = x · wᵀ + b, in the format of w: classifiers are small, and losses want all digits.
    /// x `[N, I]`, w `[O, I]`, b `[O]`.
    public func dense(_ x: Value, _ weight: Value, bias: Value) throws(ShapeError) -> Value {
        let product = MatrixProduct(transposesLeft: false, transposesRight: true)
        let x = try convert(x, to: weight.spec.scalarType)
        return try addBias(try apply(.matrixProduct(product), to: [x, weight])[0], bias)
    }

    /// x in another format; x itself where it has that already.
    public func convert(_ x: Value, to type: ScalarType) throws(ShapeError) -> Value {
        x.spec.scalarType == type
            ? x : try apply(.convert(Convert(to: type)), to: [x])[0]
    }

    public func addBias(_ x: Value, _ bias: Value) throws(ShapeError) -> Value {
        try apply(.addBias(AddBias()), to: [x, bias])[0]
    }

    public func relu(_ x: Value) throws(ShapeError) -> Value {
        try apply(.relu(Relu()), to: [x])[0]
    }

    public func add(_ a: Value, _ b: Value) throws(ShapeError) -> Value {
        try apply(.add(Add()), to: [a, b])[0]
    }

    /// The channels of `parts` side by side.
    public func concatenate(_ parts: [Value]) throws(ShapeError) -> Value {
        try apply(.concatenation(Concatenation()), to: parts)[0]
    }

    /// `[N, C, H, W]` as `[N, C·H·W]`.
    public func flatten(_ x: Value) throws(ShapeError) -> Value {
        let shape: Shape = [x.shape[0], x.shape.countPerSlice(along: 0)]
        return try apply(.reshape(Reshape(to: shape)), to: [x])[0]
    }

    /// x with the share `rate` of its elements dropped; the current scope tells the mask from those
    /// of other layers.
    public func dropout(_ x: Value, rate: Double) throws(ShapeError) -> Value {
        let rule = Dropout(rate: rate, layer: CounterRandom.digest(of: scopePath))
        return try apply(.dropout(rule), to: [x, dropoutKey])[0]
    }

    public func maxPool(_ x: Value, window: Window) throws(ShapeError) -> Value {
        try apply(.maxPool(MaxPool(window: window)), to: [x])[0]
    }

    public func averagePool(_ x: Value, window: Window) throws(ShapeError) -> Value {
        try apply(.averagePool(AveragePool(window: window)), to: [x])[0]
    }

    public func globalAveragePool(_ x: Value) throws(ShapeError) -> Value {
        try apply(.globalAveragePool(GlobalAveragePool()), to: [x])[0]
    }

    /// The covariance of the channels of each image. x `[N, C, H, W]`, in master precision from
    /// here on: squares of activations want all digits.
    public func covariance(_ x: Value) throws(ShapeError) -> Value {
        let x = try convert(x, to: precision.master)
        return try apply(.covariance(Covariance()), to: [x])[0]
    }

    public func squareRoot(_ matrices: Value, iterations: Int) throws(ShapeError) -> Value {
        let rule = MatrixSquareRoot(iterations: iterations)
        return try apply(.matrixSquareRoot(rule), to: [matrices])[0]
    }

    public func upperTriangle(_ matrices: Value) throws(ShapeError) -> Value {
        try apply(.upperTriangle(UpperTriangle()), to: [matrices])[0]
    }

    public func scalePlanes(_ x: Value, by factors: Value, offset: Double = 0)
        throws(ShapeError) -> Value
    { try apply(.scalePlanes(ScalePlanes(offset: offset)), to: [x, factors])[0] }

    /// What drops elements of a tensor like `x` with `probability`, a scalar, in the layer being
    /// written.
    public func dropoutMask(like x: Value, probability: Value, microBatch: Value, seed: UInt64)
        throws(ShapeError) -> Value
    {
        let rule = DropoutMask(DropoutKey(seed: seed, layer: scopePath), mask: x.spec)
        return try apply(.dropoutMask(rule), to: [probability, microBatch])[0]
    }

    public func softmaxCrossEntropy(_ scores: Value, labels: Value, labelSmoothing: Double = 0)
        throws(ShapeError) -> Value
    {
        let rule = SoftmaxCrossEntropy(labelSmoothing: labelSmoothing)
        return try apply(.softmaxCrossEntropy(rule), to: [scores, labels])[0]
    }

    public func sigmoidCrossEntropy(_ logits: Value, labels: Value, labelSmoothing: Double = 0)
        throws(ShapeError) -> Value
    {
        let rule = SigmoidCrossEntropy(labelSmoothing: labelSmoothing)
        return try apply(.sigmoidCrossEntropy(rule), to: [logits, labels])[0]
    }

    public func signCorrect(_ logits: Value, labels: Value) throws(ShapeError) -> Value {
        try apply(.signCorrect(SignCorrect()), to: [logits, labels])[0]
    }

    public func topKCorrect(_ scores: Value, labels: Value, k: Int) throws(ShapeError) -> Value {
        try apply(.topKCorrect(TopKCorrect(k: k)), to: [scores, labels])[0]
    }
}

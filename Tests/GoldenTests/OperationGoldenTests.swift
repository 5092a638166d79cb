import Graphs
import Tensors
import Testing

/// Oracle: PyTorch 2.13 in float64 (`Tests/Goldens/generate.py`).
@Suite("Operations against PyTorch")
struct OperationGoldenTests {
    private static let golden = Result { try Golden("operations") }

    private func golden(_ name: String) throws -> GoldenCase {
        GoldenCase(tensors: try Self.golden.get().tensors(of: name))
    }

    /// The names of a kind's cases; the count guards against a file that lost some.
    private func forEach(_ kind: String, count: Int, _ body: (GoldenCase) throws -> Void) throws {
        let names = try Self.golden.get().names(of: kind)
        #expect(names.count == count)
        for name in names { try body(try golden(name)) }
    }

    @Test("Convolution, forward and backward")
    func convolution() throws {
        try forEach("convolution", count: 7) { testCase in
            let (window, groups) = (try testCase.window(), try testCase.integers("window")[3])
            try testCase.expect { graph, tensor in
                let (x, w, dy) = (try tensor("x"), try tensor("w"), try tensor("dy"))
                let forward = Convolution(window: window, groups: groups, hasBias: true)
                let byData = ConvolutionDataGradient(
                    window: window, groups: groups, data: x.spec)
                let byWeight = ConvolutionWeightGradient(
                    window: window, groups: groups, weight: w.spec)
                return [
                    "y": try graph.apply(.convolution(forward), to: [x, w, try tensor("b")])[0],
                    "dx": try graph.apply(.convolutionDataGradient(byData), to: [dy, w])[0],
                    "dw": try graph.apply(.convolutionWeightGradient(byWeight), to: [dy, x])[0],
                    "db": try graph.apply(.biasGradient(BiasGradient()), to: [dy])[0],
                ]
            }
        }
    }

    @Test("Batch norm: training, evaluation, running statistics with unbiased variance")
    func batchNorm() throws {
        try forEach("batch norm", count: 2) { testCase in
            try testCase.expect { graph, tensor in
                var results = try normalize(.batch, graph, tensor)
                let x = try tensor("x")
                let count = Double(x.shape.countPerSlice(along: 1))
                let (mean, variance) = (try tensor("running_mean"), try tensor("running_var"))
                let inference = NormalizationInference(epsilon: 1e-5)
                results["evaluated"] = try graph.apply(
                    .normalizationInference(inference),
                    to: [x, try tensor("scale"), try tensor("shift"), mean, variance])[0]
                for (name, old, factor) in [
                    ("mean", mean, 1), ("var", variance, count / (count - 1)),
                ] {
                    let average = ExponentialAverage(rate: 0.1, factor: factor)
                    let new = try #require(results[name])
                    results[name] = nil
                    results["new_running_\(name)"] = try graph.apply(
                        .exponentialAverage(average), to: [old, new])[0]
                }
                return results
            }
        }
    }

    @Test("Group norm, forward and backward")
    func groupNorm() throws {
        try forEach("group norm", count: 3) { testCase in
            let groups = try testCase.integers("groups")[0]
            try testCase.expect { graph, tensor in
                try normalize(.group(groups: groups), graph, tensor).filter {
                    !["mean", "var"].contains($0.key)
                }
            }
        }
    }

    @Test("Layer norm and instance norm, forward and backward")
    func layerAndInstanceNorm() throws {
        for kind in ["layer norm", "instance norm"] {
            try forEach(kind, count: 2) { testCase in
                try testCase.expect { graph, tensor in
                    let groups = try kind == "layer norm" ? 1 : tensor("x").shape[1]
                    return try normalize(.group(groups: groups), graph, tensor).filter {
                        !["mean", "var"].contains($0.key)
                    }
                }
            }
        }
    }

    @Test("Frozen batch norm, forward and backward")
    func frozenBatchNorm() throws {
        try golden("frozen batch norm/odd").expect { graph, tensor in
            let rule = Operation.normalizationInference(
                NormalizationInference(epsilon: 1e-5))
            let names = ["scale", "shift", "running_mean", "running_var"]
            let constants = try names.map(tensor)
            let dy = try tensor("dy")
            let zero = try graph.apply(.constant(Constant(0, spec: constants[0].spec)), to: [])[0]
            return [
                "y": try graph.apply(rule, to: [try tensor("x")] + constants)[0],
                "dx": try graph.apply(rule, to: [dy, constants[0], zero, zero, constants[3]])[0],
            ]
        }
    }

    /// A filter of equal weights has no deviation, where PyTorch's own derivative of it is zero.
    @Test("Weight standardization, forward and backward")
    func weightStandardization() throws {
        try forEach("weight standardization", count: 3) { testCase in
            // Equal weights are divided by ε alone.
            try testCase.expect(within: 1e-12) { graph, tensor in
                let (w, dy) = (try tensor("w"), try tensor("dy"))
                let backward = WeightStandardizationGradient()
                return [
                    "y": try graph.standardized(w),
                    "dw": try graph.apply(
                        .weightStandardizationGradient(backward), to: [dy, w])[0],
                ]
            }
        }
    }

    @Test("Concatenation, forward and backward")
    func concatenation() throws {
        try golden("concatenation/three").expect(within: 0) { graph, tensor in
            let dy = try tensor("dy")
            let parts = try ["a", "b", "c"].map(tensor)
            var (results, first) = (["y": try graph.concatenate(parts)], 0)
            for (name, part) in zip(["da", "db", "dc"], parts) {
                let rule = ConcatenationGradient(first: first, count: part.shape[1])
                results[name] = try graph.apply(.concatenationGradient(rule), to: [dy])[0]
                first += part.shape[1]
            }
            return results
        }
    }

    private func normalize(
        _ scope: StatisticsScope, _ graph: GraphBuilder, _ tensor: (String) throws -> Value
    ) throws -> [String: Value] {
        let (x, scale, shift) = (try tensor("x"), try tensor("scale"), try tensor("shift"))
        let forward = NormalizationForward(statistics: scope, epsilon: 1e-5)
        let results = try graph.apply(.normalization(forward), to: [x, scale, shift])
        let backward = NormalizationGradient(statistics: scope, epsilon: 1e-5)
        let gradients = try graph.apply(
            .normalizationGradient(backward),
            to: [try tensor("dy"), x, scale, shift, results[1], results[2]])
        return [
            "y": results[0], "mean": results[1], "var": results[2], "dx": gradients[0],
            "dscale": gradients[1], "dshift": gradients[2],
        ]
    }

    @Test("Max, average and global pooling, forward and backward")
    func pooling() throws {
        try forEach("max pool", count: 3) { testCase in
            let window = try testCase.window()
            try testCase.expect { graph, tensor in
                let (x, dy) = (try tensor("x"), try tensor("dy"))
                let results = try graph.apply(.maxPool(MaxPool(window: window)), to: [x])
                let gradient = MaxPoolGradient(window: window, data: x.spec)
                let dx = try graph.apply(.maxPoolGradient(gradient), to: [dy, results[1]])
                return ["y": results[0], "dx": dx[0]]
            }
        }
        try forEach("average pool", count: 2) { testCase in
            let window = try testCase.window()
            try testCase.expect { graph, tensor in
                let x = try tensor("x")
                let gradient = AveragePoolGradient(window: window, data: x.spec)
                return [
                    "y": try graph.averagePool(x, window: window),
                    "dx": try graph.apply(.averagePoolGradient(gradient), to: [tensor("dy")])[0],
                ]
            }
        }
        try golden("global average pool/odd").expect { graph, tensor in
            let x = try tensor("x")
            let gradient = GlobalAveragePoolGradient(data: x.spec)
            return [
                "y": try graph.globalAveragePool(x),
                "dx": try graph.apply(.globalAveragePoolGradient(gradient), to: [tensor("dy")])[0],
            ]
        }
    }

    @Test("ReLU, whose derivative at zero is zero")
    func relu() throws {
        try golden("relu/zeros").expect { graph, tensor in
            let y = try graph.relu(try tensor("x"))
            let gradient = try graph.apply(
                .reluGradient(ReluGradient()), to: [try tensor("dy"), y])
            return ["y": y, "dx": gradient[0]]
        }
    }

    @Test("Dense layer, forward and backward")
    func dense() throws {
        try golden("dense/odd").expect { graph, tensor in
            let (x, w, dy) = (try tensor("x"), try tensor("w"), try tensor("dy"))
            func product(_ a: Value, _ b: Value, transposesLeft: Bool) throws -> Value {
                let rule = MatrixProduct(transposesLeft: transposesLeft, transposesRight: false)
                return try graph.apply(.matrixProduct(rule), to: [a, b])[0]
            }
            return [
                "y": try graph.dense(x, w, bias: try tensor("b")),
                "dx": try product(dy, w, transposesLeft: false),
                "dw": try product(dy, x, transposesLeft: true),
                "db": try graph.apply(.biasGradient(BiasGradient()), to: [dy])[0],
            ]
        }
    }

    @Test("Cross-entropy with and without label smoothing")
    func crossEntropy() throws {
        try forEach("cross-entropy", count: 2) { testCase in
            let smoothing = try #require(testCase.tensors["smoothing"]).doubles()[0]
            try testCase.expect { graph, tensor in
                let results = try graph.apply(
                    .softmaxCrossEntropy(SoftmaxCrossEntropy(labelSmoothing: smoothing)),
                    to: [try tensor("z"), try tensor("labels")])
                return ["loss": results[0], "dz": results[1]]
            }
        }
    }

    @Test("Binary cross-entropy from logits, and the hits")
    func binaryCrossEntropy() throws {
        try forEach("sigmoid cross-entropy", count: 2) { testCase in
            let smoothing = try #require(testCase.tensors["smoothing"]).doubles()[0]
            try testCase.expect { graph, tensor in
                let (z, labels) = (try tensor("z"), try tensor("labels"))
                let results = try graph.apply(
                    .sigmoidCrossEntropy(SigmoidCrossEntropy(labelSmoothing: smoothing)),
                    to: [z, labels])
                return [
                    "loss": results[0], "dz": results[1],
                    "correct": try graph.signCorrect(z, labels: labels),
                ]
            }
        }
    }

    @Test("Top-1 and top-5")
    func topK() throws {
        for k in [1, 5] {
            try golden("top-k/\(k)").expect(within: 0) { graph, tensor in
                [
                    "correct": try graph.topKCorrect(
                        try tensor("z"), labels: try tensor("labels"), k: k)
                ]
            }
        }
    }
}

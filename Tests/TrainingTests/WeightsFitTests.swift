import Checkpoints
import Datasets
import Foundation
import Graphs
import Models
import Specifications
import Tensors
import Testing
import Training
import Weights

/// Files of weights against the network that they are for.
@Suite("Weights for a network")
struct WeightsFitTests {
    private func graph(_ job: JobSpecification, classes: Int = 10) throws -> Graph {
        try NetworkGraphs(job, classCount: classes).forward(images: [1, 3, 32, 32])
    }

    /// A whole file of the network, under its own names.
    private func file(_ job: JobSpecification, classes: Int = 10) throws -> [String: HostTensor] {
        let variables = try graph(job, classes: classes).variables
        return Dictionary(
            uniqueKeysWithValues: variables.map { ($0.path, $0.initialTensor(seed: 9)) })
    }

    private func shapes(_ file: [String: HostTensor]) -> [String: Shape] {
        file.mapValues(\.shape)
    }

    @Test("Everything that is missing, mis-shaped or unexpected is told at once, by name")
    func mismatch() throws {
        var file = shapes(try file(Fixture.job()))
        file["bn1.weight"] = nil
        file["conv1.weight"] = [16, 3, 7, 7]
        file["layer9.weight"] = [1]
        file["bn1.num_batches_tracked"] = .scalar
        let error = #expect(throws: WeightsMismatch.self) {
            try WeightsFit(of: file, to: try graph(Fixture.job()), classifier: .mustFit)
        }
        #expect(
            error?.description == """
                  1 missing: bn1.weight
                  1 mis-shaped: conv1.weight is [16, 3, 7, 7], not [16, 3, 3, 3]
                  1 unexpected: layer9.weight
                """)
    }

    @Test("A GroupNorm network does not take the running statistics of batch norm")
    func otherNorm() throws {
        let file = shapes(try file(Fixture.job()))
        let job = Fixture.job(normalization: .group(groups: 8))
        let error = #expect(throws: WeightsMismatch.self) {
            try WeightsFit(of: file, to: try graph(job), classifier: .mustFit)
        }
        #expect(error?.description.contains("unexpected: bn1.running_mean") == true)
    }

    @Test("A classifier of other classes starts anew where it may, and nothing else does")
    func classifier() throws {
        let graph = try graph(Fixture.job())
        let (same, other) = (
            shapes(try file(Fixture.job())), shapes(try file(Fixture.job(), classes: 7))
        )
        func fit(_ file: [String: Shape], _ rule: WeightsFit.ClassifierRule) throws -> WeightsFit {
            try WeightsFit(of: file, to: graph, classifier: rule)
        }
        #expect(try fit(same, .mustFit).newLayers.isEmpty)
        #expect(try fit(same, .mayDiffer).newLayers.isEmpty)
        #expect(try fit(same, .startsAnew).newLayers == ["fc"])
        #expect(try fit(other, .mayDiffer).newLayers == ["fc"])
        #expect(throws: WeightsMismatch.self) { try fit(other, .mustFit) }
        let headless = same.filter { !$0.key.hasPrefix("fc.") }
        #expect(try fit(headless, .mayDiffer).newLayers == ["fc"])
        #expect(throws: WeightsMismatch.self) {
            try fit(same.filter { $0.key != "conv1.weight" }, .startsAnew)
        }
    }

    @Test("Heads start from files of other heads: what the file does not have starts anew")
    func heads() throws {
        func job(_ head: Head) -> JobSpecification { Fixture.job().with { $0.head = head } }
        func fit(
            _ file: Head, to network: Head, _ rule: WeightsFit.ClassifierRule = .mayDiffer
        ) throws -> [String] {
            try WeightsFit(
                of: shapes(try self.file(job(file))), to: try graph(job(network)), classifier: rule
            ).newLayers
        }
        let (plain, root, wide, drop) = (
            Head.averagePooling, Head.fastMPN(dimension: 8, iterations: 5),
            Head.fastMPN(dimension: 16, iterations: 5), Head.dropCov(dimension: 8)
        )
        #expect(try fit(plain, to: root) == ["layer_reduce", "layer_reduce_bn", "fc"])
        #expect(
            try fit(plain, to: drop)
                == ["layer_reduce", "layer_reduce_bn", "adaptive_dropout", "fc"])
        #expect(try fit(root, to: drop) == ["adaptive_dropout"])
        #expect(try fit(drop, to: root) == [])
        #expect(try fit(wide, to: root) == ["layer_reduce", "layer_reduce_bn", "fc"])
        #expect(try fit(root, to: plain) == ["fc"])
        for (file, network) in [(plain, root), (root, drop), (drop, root), (root, plain)] {
            #expect(throws: WeightsMismatch.self) { try fit(file, to: network, .mustFit) }
        }
    }

    @Test("A covariance head starts on a plain file, and says what it draws itself")
    func headStart() throws {
        let plain = Fixture.job(precision: .float32, learningRate: 1e-30)
        let job = plain.with {
            $0.pretrained = PretrainedWeights(path: "w")
            $0.head = .fastMPN(dimension: 8, iterations: 5)
        }
        let own = try file(plain)
        let started = try start(job, from: own)
        #expect(started.data.contains("but a new layer_reduce, layer_reduce_bn, fc"))
        #expect(started.weights["layer3.0.conv1.weight"] == own["layer3.0.conv1.weight"])
        for variable in try graph(job).variables where variable.path.hasPrefix("layer_reduce.") {
            #expect(started.weights[variable.path] == variable.initialTensor(seed: job.seed))
        }
    }

    @Test(
        "The names that timm and others give the last layer",
        arguments: [
            "head.fc", "classifier", "head", "last_linear",
        ])
    func otherNames(classifier: String) throws {
        let own = try file(Fixture.job())
        let renamed = Dictionary(
            uniqueKeysWithValues: own.map { name, tensor in
                (name.hasPrefix("fc.") ? classifier + name.dropFirst(2) : name, tensor)
            })
        let graph = try graph(Fixture.job())
        let fit = try WeightsFit(of: shapes(renamed), to: graph, classifier: .mustFit)
        let folder = FileManager.default.temporaryDirectory
        let path = folder.appendingPathComponent("gc-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Safetensors.write(renamed, to: path)
        #expect(fit.tensors(of: try WeightsFile(path: path)) == own)
    }

    @Test("A digest is that of the weights a job exports, in whichever format and wrapper")
    func digest() throws {
        let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Goldens/weights")
        func file(_ name: String) throws -> WeightsFile {
            try WeightsFile(path: goldens.appending(path: name).path)
        }
        let plain = try file("network.pth")
        let exported = plain.tensors.filter { !$0.key.hasSuffix("num_batches_tracked") }
        #expect(plain.digest == KeptWeights(job: "", tensors: exported).digest)
        for name in ["network.safetensors", "protocol4.pth", "checkpoint.pth"] {
            #expect(try file(name).digest == plain.digest, "\(name)")
        }
        #expect(try file("half.safetensors").digest != plain.digest)
    }

    // MARK: - Jobs that start from a file

    /// A job's final weights after one step of a rate so small that nothing moves, from `file`.
    private func start(
        _ job: JobSpecification, from file: [String: HostTensor]
    ) throws -> (weights: [String: HostTensor], data: String) {
        let folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (input, output) = (
            folder.appendingPathComponent("in").path, folder.appendingPathComponent("out").path
        )
        try Safetensors.write(file, to: input)
        let digest = try WeightsFile(path: input).digest
        let events = try Fixture.events(
            of: job, pretrained: PretrainedRequest(path: input, digest: digest),
            weights: WeightsRequest(job: "j", path: output))
        guard case .started(let start)? = events.first else { return ([:], "") }
        return (try Safetensors.read(output), start.data)
    }

    @Test("A job starts from the file, and only its classifier from the seed")
    func pretrainedJob() throws {
        var job = Fixture.job(precision: .float32, learningRate: 1e-30)
        let own = try file(job)
        job.pretrained = PretrainedWeights(path: "w")
        let whole = try start(job, from: own)
        for (name, tensor) in whole.weights where !name.contains("running") {
            let start = try #require(own[name]).doubles()
            // The rate times a gradient, and far less than anything else.
            #expect(zip(tensor.doubles(), start).allSatisfy { abs($0 - $1) < 1e-20 }, "\(name)")
        }
        let other = try start(job, from: try file(job, classes: 7))
        let initial = try graph(job).variables.filter { $0.path.hasPrefix("fc.") }
        for variable in initial {
            #expect(other.weights[variable.path] == variable.initialTensor(seed: job.seed))
        }
        #expect(other.weights["conv1.weight"] == own["conv1.weight"])
        #expect(whole.data.contains("weights ") && !whole.data.contains("new fc"))
        #expect(other.data.contains("but a new fc"))
    }

    @Test("Weights that are replaced while a job waits are noticed")
    func changed() throws {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("gc-bench-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let job = Fixture.job().with { $0.pretrained = PretrainedWeights(path: path) }
        try Safetensors.write(try file(job), to: path)
        #expect(throws: (any Error).self) {
            try Fixture.events(
                of: job, pretrained: PretrainedRequest(path: path, digest: "other"))
        }
    }
}

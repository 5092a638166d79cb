import Foundation
import Graphs
import ReferenceBackend
import Tensors
import Testing

/// A committed file of `Tests/Goldens`; the scripts beside it made it.
struct Golden: Sendable {
    let tensors: [String: HostTensor]

    init(_ name: String) throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Goldens")
        tensors = try Safetensors.read(folder.appending(path: "\(name).safetensors").path)
    }

    /// The tensors of one case, by what follows its name.
    func tensors(of name: String) throws -> [String: HostTensor] {
        let prefix = name + "/"
        let found = tensors.filter { $0.key.hasPrefix(prefix) }
        try #require(!found.isEmpty, "no golden \(name)")
        return Dictionary(
            uniqueKeysWithValues: found.map { (String($0.key.dropFirst(prefix.count)), $0.value) })
    }

    /// The names below `kind/`.
    func names(of kind: String) -> [String] {
        let parts = tensors.keys.map { $0.split(separator: "/") }
        return Set(parts.filter { $0[0] == kind }.map { "\(kind)/\($0[1])" }).sorted()
    }
}

/// One case: its tensors are the graph's inputs, and what its results must be.
struct GoldenCase {
    let tensors: [String: HostTensor]

    /// The numbers of an integer tensor.
    func integers(_ name: String) throws -> [Int] {
        try #require(tensors[name]).values(as: Int64.self).map { Int($0) }
    }

    func window() throws -> Window {
        let numbers = try integers("window")
        return Window(kernel: numbers[0], stride: numbers[1], padding: numbers[2])
    }

    /// Runs the graph that `write` makes of the case's tensors, and compares each result that it
    /// names with the golden of that name.
    ///
    /// - Parameter bound: the largest error as a share of the largest number; float64 throughout.
    func expect(
        within bound: Double = 1e-13,
        _ write: (GraphBuilder, (String) throws -> Value) throws -> [String: Value]
    ) throws {
        let graph = GraphBuilder(precision: .float64)
        var inputs: [String: Value] = [:]
        let results = try write(graph) { name in
            let input =
                try inputs[name] ?? graph.input(name, try #require(tensors[name], "\(name)").spec)
            inputs[name] = input
            return input
        }
        for (name, value) in results { graph.output(name, value) }
        let plan = try Planner(target: ReferenceTarget()).plan(graph.finish())
        let executor = try Executor.make(plans: [plan], on: ReferenceBackend<Double>())
        for input in plan.inputs {
            try executor.write(try #require(tensors[input.name]), to: input.region)
        }
        try executor.run()
        for output in plan.outputs {
            let expected = try #require(tensors[output.name], "no golden \(output.name)")
            let error = try executor.read(output.region).distance(to: expected)
            #expect(error <= bound, "\(output.name)")
        }
    }
}

extension HostTensor {
    /// The largest difference to `expected`, as a share of its largest number.
    func distance(to expected: HostTensor) -> Double {
        guard shape.count == expected.shape.count else { return .infinity }
        let scale = expected.doubles().reduce(0) { max($0, abs($1)) }
        let largest = zip(doubles(), expected.doubles()).reduce(0) { max($0, abs($1.0 - $1.1)) }
        return largest == 0 ? 0 : largest / scale
    }

    /// ‖self − expected‖ / ‖expected‖.
    func relativeNorm(ofDifferenceTo expected: HostTensor) -> Double {
        let pairs = zip(doubles(), expected.doubles())
        let difference = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        return (difference / expected.doubles().reduce(0) { $0 + $1 * $1 }).squareRoot()
    }
}

import Graphs
import Models
import Optimizers
import ReferenceBackend
import Specifications
import Tensors
import Testing
import Training

/// What groups do to a real network, beside the same network without them.
@Suite("Parameter groups")
struct ParameterGroupTests {
    /// Every variable before and after one step of plain SGD at rate 0.1 with decay 0.01.
    private struct Step {
        var before: [String: [Double]] = [:]
        var after: [String: [Double]] = [:]

        init(_ groups: [ParameterGroup], rate: Double = 0.1) throws {
            let job = Fixture.job(weightDecay: 0.01).with {
                $0.optimizer = OptimizerSettings(learningRate: 0.1, weightDecay: 0.01)
                $0.parameterGroups = groups
            }
            let program = try TrainingProgram(
                NetworkGraphs(job, classCount: 10), image: [3, 16, 16],
                target: ReferenceTarget())
            let executor = try Executor.make(plans: program.plans, on: ReferenceBackend<Double>())
            for variable in program.trainingGraph.variables {
                let tensor = variable.initialTensor(seed: 0)
                before[variable.path] = tensor.doubles()
                try executor.load(tensor, into: variable)
            }
            var random = CounterRandom(seed: 1, stream: .test)
            let images = HostTensor(
                (0..<job.batchSize * 768).map { _ in random.normal() },
                shape: [job.batchSize, 3, 16, 16])
            let labels = HostTensor(
                (0..<job.batchSize).map { Int64($0 % 10) }, shape: [job.batchSize])
            func input(_ name: String) throws -> Region {
                try #require(program.training.input(name))
            }
            try executor.write(images, to: input("images"))
            try executor.write(labels, to: input("labels"))
            try executor.write(rate, to: input("learning_rate"))
            try executor.write(0.0, to: input("step"))
            try executor.run()
            for variable in program.trainingGraph.variables {
                after[variable.path] = try executor.read(variable).doubles()
            }
        }

        func move(_ path: String) throws -> [Double] {
            zip(try #require(after[path]), try #require(before[path])).map { $0 - $1 }
        }
    }

    private static let bound = 1e-12

    @Test("A group without decay moves by the gradient alone")
    func noDecay() throws {
        let plain = try Step([])
        let grouped = try Step([
            ParameterGroup(
                [.kind(.bias), .kind(.normalization)],
                .adjusted(weightDecay: 0, learningRateFactor: 1))
        ])
        let start = try #require(plain.before["bn1.weight"])
        for (index, move) in try grouped.move("bn1.weight").enumerated() {
            let expected = try plain.move("bn1.weight")[index] + 0.1 * 0.01 * start[index]
            #expect(abs(move - expected) < Self.bound)
        }
        #expect(grouped.after["conv1.weight"] == plain.after["conv1.weight"])
    }

    @Test("The head may learn faster, and groups add up")
    func factors() throws {
        let plain = try Step([])
        let grouped = try Step([
            ParameterGroup([.kind(.head)], .adjusted(weightDecay: nil, learningRateFactor: 10)),
            ParameterGroup([.path("fc.bias")], .adjusted(weightDecay: 0, learningRateFactor: 0.5)),
        ])
        let weights = zip(try grouped.move("fc.weight"), try plain.move("fc.weight"))
        #expect(weights.allSatisfy { abs($0 - 10 * $1) < Self.bound })
        let start = try #require(plain.before["fc.bias"])
        for (index, move) in try grouped.move("fc.bias").enumerated() {
            let gradientMove = try plain.move("fc.bias")[index] + 0.1 * 0.01 * start[index]
            #expect(abs(move - 5 * gradientMove) < Self.bound)
        }
        #expect(grouped.after["conv1.weight"] == plain.after["conv1.weight"])
    }

    @Test("Frozen parameters stay bit by bit; statistics move and the others learn as before")
    func frozen() throws {
        let plain = try Step([])
        let grouped = try Step([ParameterGroup([.path("conv1"), .path("bn1")], .frozen)])
        for path in ["conv1.weight", "bn1.weight", "bn1.bias"] {
            #expect(grouped.after[path] == grouped.before[path], "\(path)")
        }
        #expect(grouped.after["bn1.running_mean"] == plain.after["bn1.running_mean"])
        #expect(grouped.after["fc.weight"] == plain.after["fc.weight"])
    }

    @Test("No gradient of a frozen layer is computed, and it does not count as trained")
    func noGradient() throws {
        let job = Fixture.job()
        let frozen = job.with {
            $0.parameterGroups = [ParameterGroup([.path("conv1"), .path("bn1")], .frozen)]
        }
        func graph(_ job: JobSpecification) throws -> Graph {
            try NetworkGraphs(job, classCount: 10).training(images: [8, 3, 16, 16])
        }
        let (all, fewer) = (try graph(job), try graph(frozen))
        func backward(_ graph: Graph) -> Int {
            graph.nodes.filter {
                $0.scope.hasPrefix("conv1") && $0.operation.kind == .convolutionWeights
            }.count
        }
        #expect(backward(all) == 1 && backward(fewer) == 0)
        let count = job.optimizers.parameterCount(of: all)
        #expect(count - frozen.optimizers.parameterCount(of: fewer) == 16 * 27 + 32)
        #expect(!fewer.variables.contains { $0.path == "conv1.weight.momentum_buffer" })
    }

    @Test("A separate optimizer has its own rule, rate and state")
    func separate() throws {
        let own = OptimizerSettings(name: .adam, learningRate: 0.5)
        for (isScheduled, expected) in [(true, 0.25), (false, 0.5)] {
            let group = ParameterGroup(
                [.path("fc.bias")], .separate(own, isScheduled: isScheduled))
            // The schedule is at half of the job's own rate of 0.1.
            let step = try Step([group], rate: 0.05)
            // Adam's first step is the rate, whatever the gradient.
            for move in try step.move("fc.bias") { #expect(abs(abs(move) - expected) < 1e-3) }
            #expect(step.after["fc.bias.exp_avg_sq"] != nil)
            #expect(step.after["fc.weight.exp_avg_sq"] == nil)
        }
    }

    @Test("A group that names nothing is refused")
    func unused() throws {
        let job = Fixture.job().with {
            $0.parameterGroups = [ParameterGroup([.path("layer9")], .frozen)]
        }
        let error = #expect(throws: ShapeError.self) {
            try NetworkGraphs(job, classCount: 10).training(images: [8, 3, 16, 16])
        }
        #expect(error?.problem.hasPrefix("'layer9' names no parameter of resnet8") == true)
    }
}

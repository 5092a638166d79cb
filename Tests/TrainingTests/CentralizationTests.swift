import Graphs
import Models
import Optimizers
import ReferenceBackend
import Specifications
import Tensors
import Testing
import Training

/// What centralization must do to weights over a real training run.
/// *Reference:* the invariants of reference §1.4.
@Suite("Gradient centralization in training")
struct CentralizationTests {
    /// Weights before and after a few steps on drawn images.
    private struct Trajectory {
        var before: [String: HostTensor] = [:]
        var after: [String: HostTensor] = [:]
        let graph: Graph

        init(_ job: JobSpecification, steps: Int = 5) throws {
            let graphs = NetworkGraphs(job, classCount: 10)
            let program = try TrainingProgram(
                graphs, image: [3, 16, 16], target: ReferenceTarget())
            graph = program.trainingGraph
            let executor = try Executor.make(plans: program.plans, on: ReferenceBackend<Double>())
            for variable in graph.variables {
                let tensor = variable.initialTensor(seed: job.seed)
                before[variable.path] = tensor
                try executor.load(tensor, into: variable)
            }
            var random = CounterRandom(seed: 1, stream: .test)
            for step in 0..<steps {
                let images = HostTensor(
                    (0..<job.batchSize * 768).map { _ in random.normal() },
                    shape: [job.batchSize, 3, 16, 16])
                let labels = HostTensor(
                    (0..<job.batchSize).map { Int64(($0 + step) % 10) }, shape: [job.batchSize])
                try executor.write(images, to: Self.input("images", of: program.training))
                try executor.write(labels, to: Self.input("labels", of: program.training))
                try executor.write(0.1, to: Self.input("learning_rate", of: program.training))
                try executor.write(Double(step), to: Self.input("step", of: program.training))
                try executor.run()
            }
            for variable in graph.variables { after[variable.path] = try executor.read(variable) }
        }

        private static func input(_ name: String, of plan: Plan) throws -> Region {
            try #require(plan.input(name))
        }

        /// The largest change of an output slice's mean, over the parameters of a role.
        func meanDrift(_ role: ParameterRole) throws -> Double {
            let parameters = graph.variables.filter { $0.parameter?.role == role }
            try #require(!parameters.isEmpty)
            return try parameters.map { variable in
                let old = try #require(before[variable.path])
                let new = try #require(after[variable.path])
                return zip(Self.means(old), Self.means(new)).map { abs($0 - $1) }.max() ?? 0
            }.max() ?? 0
        }

        private static func means(_ tensor: HostTensor) -> [Double] {
            let (values, count) = (tensor.doubles(), tensor.shape.countPerSlice(along: 0))
            return stride(from: 0, to: values.count, by: count).map { start in
                values[start..<start + count].reduce(0, +) / Double(count)
            }
        }
    }

    /// Double rounding over five steps; a drift of the control arm is around 1e-3.
    private static let rounding = 1e-14

    @Test("With gc the mean of every filter and row stays, L2 decay included")
    func gc() throws {
        let run = try Trajectory(Fixture.job(mode: .gc, weightDecay: 0.01))
        #expect(try run.meanDrift(.convolutionKernel) < Self.rounding)
        #expect(try run.meanDrift(.denseKernel) < Self.rounding)
    }

    @Test("With gcc the filters' means stay and the classifier's rows are left alone")
    func gcc() throws {
        let run = try Trajectory(Fixture.job(mode: .gcc, weightDecay: 0.01))
        #expect(try run.meanDrift(.convolutionKernel) < Self.rounding)
        #expect(try run.meanDrift(.denseKernel) > 1e-6)
    }

    @Test("Without centralization the means move")
    func none() throws {
        let run = try Trajectory(Fixture.job(mode: .none, weightDecay: 0.01))
        #expect(try run.meanDrift(.convolutionKernel) > 1e-6)
        #expect(try run.meanDrift(.denseKernel) > 1e-6)
    }

    @Test("The removed share of gradient energy is recorded where something is centralized")
    func energy() throws {
        let centralized = try Fixture.events(of: Fixture.job(mode: .gc, precision: .float32))
        let shares = Fixture.values(of: .removedGradientEnergy, in: centralized)
        #expect(shares.count == 1)
        #expect(shares.allSatisfy { $0 > 0 && $0 < 100 })
        let control = try Fixture.events(of: Fixture.job(mode: .none, precision: .float32))
        #expect(Fixture.values(of: .removedGradientEnergy, in: control).isEmpty)
    }
}

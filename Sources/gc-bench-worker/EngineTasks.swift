import CAllocationCounter
import Graphs
import Training

struct Train: EngineTask {
    let request: TrainRequest
    let data: TrainingData
    let support: RunSupport

    consuming func run<Engine: Backend & ~Copyable>(
        target: any Target, engine: consuming Engine
    ) throws {
        let support = support
        let job = try TrainingJob.make(
            request, data: data, target: target, engine: engine, from: support.checkpoint)
        try job.run(support)
    }
}

struct Step: EngineTask {
    let request: StepRequest

    consuming func run<Engine: Backend & ~Copyable>(
        target: any Target, engine: consuming Engine
    ) throws -> (losses: [Double], notes: [String]) {
        let job = try StepJob.make(request, target: target, engine: engine)
        return (try job.run(), job.notes)
    }
}

struct Evaluate: EngineTask {
    let request: EvaluationRequest

    consuming func run<Engine: Backend & ~Copyable>(
        target: any Target, engine: consuming Engine
    ) throws -> EvaluationSummary {
        try EvaluationJob.make(request, target: target, engine: engine).run()
    }
}

struct Measure: EngineTask {
    let request: BenchRequest
    let libraries: [String: String]

    consuming func run<Engine: Backend & ~Copyable>(
        target: any Target, engine: consuming Engine
    ) throws -> BenchResult {
        let libraries = libraries
        let bench = try Bench.make(
            request, target: target, engine: engine, allocationCount: gcb_allocation_count)
        return try bench.measure(machine: libraries)
    }
}

struct MeasurePeaks: EngineTask {
    let precision: Precision

    consuming func run<Engine: Backend & ~Copyable>(
        target: any Target, engine: consuming Engine
    ) throws -> MachinePeaks {
        try PeakMeasurement.make(precision: precision, target: target, engine: engine).measure()
    }
}

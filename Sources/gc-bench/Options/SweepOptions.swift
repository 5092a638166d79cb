import ArgumentParser
import Datasets
import Foundation
import Models
import Scheduling
import Specifications
import Training

/// What names the jobs: specs, overrides, seeds, data.
struct SweepOptions: ParsableArguments {
    @Argument(
        help: "Spec files; letter case does not matter.", completion: .file(extensions: ["spec"]))
    var specs: [String]

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "Replace a value of the spec, an axis included: --set epochs=5.",
            valueName: "path=yaml"), completion: .settings)
    var set: [String] = []

    @Option(help: "Name the seeds: 0, 0-4 or 0,2.")
    var seeds: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "The folder of a data set, or its parent: --data cifar10=PATH.",
            valueName: "name=path"), completion: .dataFolders)
    var data: [String] = []

    @Flag(help: "Try everything in seconds per job: two steps on drawn images, marked as such.")
    var smoke = false

    func experiments() throws -> [Experiment] {
        let seeds = try seeds.map { try SeedSelection.parse($0) }
        return try specs.map { path in
            let experiment = try SpecificationFile.load(path, overrides: set, seeds: seeds)
            return smoke ? experiment.smokeTrial : experiment
        }
    }

    /// The single job of commands that take one.
    func onlyJob() throws -> JobSpecification {
        let jobs = try experiments().flatMap(\.jobs)
        guard let job = jobs.first, jobs.count == 1 else {
            let varying = try experiments().flatMap { $0.axes.map(\.field.rawValue) }
            let advice = (varying + (Set(jobs.map(\.seed)).count > 1 ? ["seeds"] : []))
                .map { $0 == "seeds" ? "--seeds 0" : "--set \($0)=…" }.joined(separator: " ")
            throw ValidationError(
                "this command takes one job, but the spec has \(jobs.count); narrow it down"
                    + (advice.isEmpty ? "" : " with \(advice)"))
        }
        return job
    }

    func dataRoots() throws -> [DatasetName: String] { try DataOption.roots(data) }

    func preparation(
        needsData: Bool, device: DeviceChoice, weights: PretrainedOptions,
        cacheFolder: String? = nil
    ) throws -> JobPreparation {
        let weights = try weights.files()
        return JobPreparation(
            PreparationOptions(
                dataRoots: try dataRoots(), cacheFolder: cacheFolder, weights: weights,
                environment: ProcessInfo.processInfo.environment,
                needsData: needsData, backend: device.backend, overrides: set,
                arguments: try repeatingArguments(weights)))
    }

    /// What a reader types to repeat the jobs. Where the data lie is the reader's own.
    private func repeatingArguments(_ weights: [Backbone: String]) throws -> [String] {
        let folders = try dataRoots().keys.map(\.rawValue).sorted()
        let files = weights.keys.map(\.rawValue).sorted()
        return set.flatMap { ["--set", $0] } + folders.flatMap { ["--data", "\($0)=PATH"] }
            + files.flatMap { ["--weights", "\($0)=PATH"] } + (smoke ? ["--smoke"] : [])
    }
}

/// `--data NAME=PATH`.
enum DataOption {
    /// - Parameter option: what messages call the arguments.
    static func roots(
        _ arguments: [String], _ option: String = "--data"
    ) throws -> [DatasetName: String] {
        try arguments.reduce(into: [:]) { roots, argument in
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let known = DatasetName.allCases.map(\.rawValue).joined(separator: ", ")
            guard parts.count == 2 else {
                throw ValidationError("\(option) takes NAME=PATH, not '\(argument)'")
            }
            guard let name = DatasetName(rawValue: parts[0]) else {
                throw ValidationError("\(option): no data set '\(parts[0])'; there are \(known)")
            }
            guard roots[name] == nil else {
                throw ValidationError("\(option) names \(name.rawValue) twice")
            }
            roots[name] = (parts[1] as NSString).expandingTildeInPath
        }
    }
}

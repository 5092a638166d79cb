import Foundation
import Specifications
import Weights

extension JobPreparation {
    /// The weights that a job starts from: the command line's, else the spec's; nil for none, and
    /// for a plan where they are not there.
    mutating func weights(of job: JobSpecification, spec: String) throws -> WeightsSource? {
        guard let pretrained = job.pretrained, !job.smoke else { return nil }
        guard let path = try path(of: pretrained, for: job, spec: spec) else { return nil }
        let source = try weightsSource(path)
        try source.check(pretrained)
        return source
    }

    private func path(
        of pretrained: PretrainedWeights, for job: JobSpecification, spec: String
    ) throws -> String? {
        if let path = options.weights[job.backbone] { return path }
        let why: String
        do {
            let path = try pretrained.resolvedPath(environment: options.environment)
            if FileManager.default.fileExists(atPath: path) { return path }
            why = path == pretrained.path ? "there is no such file" : "there is no file \(path)"
        } catch {
            why = "the environment variable \(error.name) is not set"
        }
        guard options.needsData else { return nil }
        throw MissingWeights(pretrained, of: job, spec: spec, why: why)
    }
}

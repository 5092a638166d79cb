import ArgumentParser
import Datasets
import Foundation
import Models
import Optimizers
import Publications
import Specifications

struct ListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Show what there is to choose from.")

    enum Subject: String, CaseIterable, ExpressibleByArgument {
        case optimizers, backbones, normalizations, initializations, datasets, tables, experiments
    }

    @Argument(help: "\(Subject.allCases.map(\.rawValue).joined(separator: ", ")); all by default.")
    var subject: Subject?

    func run() async throws {
        let subjects = subject.map { [$0] } ?? Subject.allCases
        let sections = subjects.map { subject in
            (subjects.count > 1 ? ["\(subject.rawValue):"] : [])
                + entries(of: subject).map { subjects.count > 1 ? "  \($0)" : $0 }
        }
        Console.print(sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n"))
    }

    private func entries(of subject: Subject) -> [String] {
        switch subject {
        case .optimizers: OptimizerName.allCases.flatMap(OptimizerText.entry)
        case .backbones: Backbone.allCases.map(\.rawValue)
        case .normalizations: Normalization.Name.allCases.map(\.rawValue)
        case .initializations: Initialization.allCases.map(\.rawValue)
        case .datasets:
            DatasetName.allCases.map { name in
                let facts = name.facts
                return "\(name.rawValue): \(facts.classCount) classes, "
                    + "\(Units.grouped(facts.trainingCount)) training and "
                    + "\(Units.grouped(facts.testCount)) test images of \(facts.imageShape)"
            }
        case .tables: ReportTable.allCases.map { "\($0.rawValue): \($0.publication.title)" }
        case .experiments: experiments
        }
    }

    /// The spec files below the folder `Experiments`.
    private var experiments: [String] {
        guard let folder = try? SpecificationFile.locate("Experiments"),
            let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
        else { return ["none: there is no folder Experiments here"] }
        return names.filter { $0.hasSuffix(".spec") }.sorted().map { "\(folder)/\($0)" }
    }
}

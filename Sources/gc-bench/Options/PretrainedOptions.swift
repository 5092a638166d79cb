import ArgumentParser
import Foundation
import Models

/// Where the weights lie that a spec's `pretrained` asks for.
struct PretrainedOptions: ParsableArguments {
    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            """
            The file that `pretrained` jobs of a backbone start from, in place of the spec's: \
            --weights resnet50=PATH.
            """,
            valueName: "backbone=path"))
    var weights: [String] = []

    func files() throws -> [Backbone: String] {
        try weights.reduce(into: [:]) { files, argument in
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ValidationError("--weights takes BACKBONE=PATH, not '\(argument)'")
            }
            guard let backbone = Backbone(rawValue: parts[0]) else {
                let known = Backbone.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("--weights: no backbone '\(parts[0])'; there are \(known)")
            }
            guard files[backbone] == nil else {
                throw ValidationError("--weights names \(backbone.rawValue) twice")
            }
            files[backbone] = (parts[1] as NSString).expandingTildeInPath
        }
    }
}

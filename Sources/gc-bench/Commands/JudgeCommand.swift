import ArgumentParser
import Foundation
import Metrics

struct JudgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge",
        abstract: "The statistics alone: values on standard input, verdicts on standard output.")

    @Flag(help: "JSON in, JSON out; the only form there is.")
    var json = false

    func run() async throws {
        try await reportingMistakes {
            guard json else { throw ValidationError("judge reads and writes JSON: add --json") }
            let answer = try Judge.judge(json: FileHandle.standardInput.readDataToEndOfFile())
            Console.print(String(decoding: answer, as: UTF8.self))
        }
    }
}

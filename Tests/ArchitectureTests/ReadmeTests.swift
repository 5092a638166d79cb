import Foundation
import Testing

@Suite("The README")
struct ReadmeTests {
    /// The one-line commands of the README's first two code blocks.
    private static func commands() throws -> [String] {
        let text = try Project.text("README.md")
        let blocks = text.components(separatedBy: "```sh\n").dropFirst()
        return blocks.prefix(2).compactMap { $0.components(separatedBy: "\n```").first }
    }

    @Test("It opens with two commands of one line each")
    func twoCommands() throws {
        let commands = try Self.commands()
        #expect(commands.count == 2)
        #expect(commands.allSatisfy { !$0.contains("\n") })
        #expect(commands.first?.contains("gc-bench run experiments/quickstart.spec") == true)
        #expect(commands.last?.contains("swift test") == true)
    }

    @Test("CI runs exactly the test command")
    func sameCommand() throws {
        let script = try Project.text(".ci/run").split(separator: "\n").map(String.init)
        let command = try #require(try Self.commands().last)
        #expect(script.last == command)
    }

    @Test("Every spec that the README names exists")
    func specs() throws {
        let words = try Project.text("README.md").split { $0.isWhitespace || $0 == "`" }
        let specs = Set(words.filter { $0.hasSuffix(".spec") }.map { $0.lowercased() })
        let present = Set(
            try Project.files(below: "Experiments", ending: ".spec").map { $0.path.lowercased() })
        #expect(!specs.isEmpty)
        #expect(specs.subtracting(present).isEmpty)
    }
}

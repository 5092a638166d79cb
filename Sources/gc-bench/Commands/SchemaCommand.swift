import ArgumentParser
import Specifications

struct SchemaCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of specs, for editors and other programs.",
        discussion: """
            An editor that knows YAML completes and checks specs with it:

              gc-bench schema > gc-bench.schema.json

            and in the first line of a spec

              # yaml-language-server: $schema=gc-bench.schema.json

            What no schema can say, such as which settings fit each other, `plan` finds.
            """)

    func run() async throws {
        Console.print(JSONSchema.document.text)
    }
}

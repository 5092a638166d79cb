import ArgumentParser

/// What concerns data sets on disk.
struct DataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Check data sets on disk, or write stand-ins for them.",
        subcommands: [DataVerifyCommand.self, DataSynthesizeCommand.self])
}

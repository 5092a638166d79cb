import ArgumentParser
import Datasets
import Foundation
import Records
import Scheduling
import Training

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at machine, libraries, data and store, and say what to do.")

    @OptionGroup var storeOptions: StoreOptions

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A data folder to look at.", valueName: "name=path"),
        completion: .dataFolders)
    var data: [String] = []

    func run() async throws {
        try await reportingMistakes {
            var findings = machine()
            findings += await libraries()
            findings += await gpus()
            findings += store()
            findings += data.map(dataset)
            Console.print(findings.map(\.line).joined(separator: "\n"))
            if findings.contains(where: { !$0.isFine }) { throw ExitCode.mistake }
        }
    }

    private struct Finding {
        let subject: String
        let text: String
        var isFine = true

        var line: String { "\(isFine ? "ok  " : "BAD ") \(subject): \(text)" }
    }

    private func machine() -> [Finding] {
        MachineDescription.current().facts.sorted { $0.key < $1.key }
            .map { Finding(subject: $0, text: $1) }
    }

    /// Asks a worker, since only workers load the compute libraries.
    private func libraries() async -> [Finding] {
        let versions: [String: String]
        do {
            versions = try await WorkerExecutable.worker(threads: 1).answer(.libraries) {
                if case .libraries(let versions) = $0 { versions } else { nil }
            }
        } catch {
            return [Finding(subject: "worker", text: "\(error)", isFine: false)]
        }
        return versions.sorted { $0.key < $1.key }.map { Finding(subject: $0, text: $1) }
    }

    /// A machine without a GPU is fine; one whose GPU cannot be used is not.
    private func gpus() async -> [Finding] {
        guard let survey = try? await DeviceChoice.survey() else { return [] }
        let isMeant = DeviceChoice.hasDriver
        let libraries = survey.libraries.map {
            Finding(subject: $0.name, text: $0.text, isFine: $0.isFine || !isMeant)
        }
        let devices = survey.devices.enumerated().map { number, device in
            Finding(
                subject: "gpu \(number)",
                text: "\(device.name), \(Units.bytes(device.freeByteCount)) of "
                    + "\(Units.bytes(device.memoryByteCount)) free")
        }
        guard devices.isEmpty else { return libraries + devices }
        return libraries + [
            Finding(
                subject: "gpu",
                text: isMeant
                    ? "cannot be used: \(survey.problem ?? "unknown")"
                    : "none: NVIDIA's driver does not run here, jobs compute on the processor",
                isFine: !isMeant)
        ]
    }

    private func store() -> [Finding] {
        guard FileManager.default.fileExists(atPath: storeOptions.db) else {
            return [
                Finding(subject: "store", text: "\(storeOptions.db) is not there yet; run makes it")
            ]
        }
        do {
            let store = try Store.openReadOnly(path: storeOptions.db)
            let (damage, count) = (try store.damage(), try store.states().count)
            return [
                Finding(
                    subject: "store",
                    text: damage.isEmpty
                        ? "\(storeOptions.db) is sound and knows \(count) jobs"
                        : "\(storeOptions.db): \(damage.joined(separator: "; "))",
                    isFine: damage.isEmpty)
            ]
        } catch {
            return [Finding(subject: "store", text: "\(error)", isFine: false)]
        }
    }

    private func dataset(_ argument: String) -> Finding {
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, let name = DatasetName(rawValue: parts[0]) else {
            let names = DatasetName.allCases.map(\.rawValue).joined(separator: ", ")
            return Finding(
                subject: "data",
                text: "'\(argument)' is not NAME=PATH with NAME one of \(names)", isFine: false)
        }
        do {
            let location = try name.locate(root: parts[1])
            let (training, test) = (try location.read(.training), try location.read(.test))
            return Finding(
                subject: "data",
                text:
                    "\(location.provenance): \(training.count) training and \(test.count) test images"
            )
        } catch {
            return Finding(subject: "data", text: "\(error)", isFine: false)
        }
    }
}

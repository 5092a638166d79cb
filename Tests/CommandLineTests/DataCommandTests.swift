import Foundation
import Records
import Testing

@Suite("Data sets on disk")
struct DataCommandTests {
    private struct Documents: Decodable {
        struct Document: Decodable {
            let name: String
            let origin: String?
            let training: Int?
            let content_sha256: String?
            let faults: [String]
        }

        let datasets: [Document]
    }

    private static func verify(
        _ arguments: String..., in folder: Program.Folder
    ) throws -> (Documents.Document, Int32) {
        let answer = try Program.run(["data", "verify", "--json"] + arguments, in: folder.url)
        let documents = try JSONDecoder().decode(Documents.self, from: Data(answer.output.utf8))
        return (try #require(documents.datasets.first), answer.code)
    }

    private static func synthesize(
        _ arguments: String..., in folder: Program.Folder
    ) throws -> Program.Answer {
        try Program.run(
            ["data", "synthesize", "--output", "Data", "--images", "10"] + arguments,
            in: folder.url)
    }

    @Test("The content digest is what sha256sum says of the files, and damage is an exit code of 2")
    func verification() throws {
        let folder = try Program.Folder()
        #expect(try Self.synthesize("horses_or_humans", in: folder).code == 0)
        let (sound, code) = try Self.verify("horses_or_humans=Data", in: folder)
        #expect(code == 0 && sound.faults.isEmpty && sound.origin == "standIn")
        #expect(sound.training == 10)
        let oracle = try Program.shell(
            """
            cd Data/horses_or_humans && find horse-or-human -name '*.png' | LC_ALL=C sort > list
            find validation-horse-or-human -name '*.png' | LC_ALL=C sort >> list
            xargs sha256sum < list | sha256sum | cut -c 1-64
            """, in: folder.url)
        #expect(oracle.output == (sound.content_sha256 ?? "") + "\n")
        try FileManager.default.removeItem(
            at: folder.url.appendingPathComponent("Data/horses_or_humans/list"))
        let photo = "Data/horses_or_humans/horse-or-human/horses/horse01-0.png"
        try Data("nothing".utf8).write(to: folder.url.appendingPathComponent(photo))
        let (damaged, failure) = try Self.verify("horses_or_humans=Data", in: folder)
        #expect(failure == 2 && damaged.faults.count == 1)
        #expect(damaged.faults.first?.contains("horse01-0.png") == true)
    }

    @Test("A set that is not the official one is a fault where that is asked for")
    func official() throws {
        let folder = try Program.Folder()
        #expect(try Self.synthesize("cifar10", in: folder).code == 0)
        #expect(try Self.verify("cifar10=Data/cifar10", in: folder).1 == 0)
        #expect(try Self.verify("cifar10=Data/cifar10", "--official", in: folder).1 == 2)
        #expect(try Self.verify("cifar10=Data/nowhere", in: folder).1 == 2)
    }

    @Test("What is trained on a stand-in is recorded as synthetic and told so")
    func training() throws {
        let folder = try Program.Folder()
        #expect(try Self.synthesize("cifar10", in: folder).code == 0)
        let spec = try folder.write(
            """
            table: cifar10
            dataset: cifar10
            backbone: resnet8
            optimizer: {name: sgd, learning_rate: 0.1}
            epochs: 1
            batch_size: 5
            threads: 1
            """, to: "tiny.spec")
        let run = try Program.run(
            ["run", spec, "--data", "cifar10=Data/cifar10", "--quiet"], in: folder.url)
        #expect(run.code == 0, "\(run.error)")
        let store = try Store.openReadOnly(
            path: folder.url.appendingPathComponent("Results/gc-bench.sqlite").path)
        let job = try #require(try store.jobs().first).job
        #expect(job.evidence.synthetic && !job.evidence.subset && !job.evidence.smoke)
        #expect(job.canonical?.contains("stand-in") == true)
        let report = try Program.run(["report"], in: folder.url)
        #expect(report.output.lowercased().contains("synthetic"), "\(report.output)")
    }

    @Test("Wrong names, layouts and full folders are refused")
    func refusals() throws {
        let folder = try Program.Folder()
        let unknown = try Self.synthesize("cifar11", in: folder)
        #expect(unknown.code == 64 && unknown.error.contains("cifar100"))
        let layout = try Self.synthesize("cifar10", "--layout", "folders", in: folder)
        #expect(layout.code == 2 && layout.error.contains("official, pickle"))
        #expect(try Self.synthesize("cifar100", in: folder).code == 0)
        let again = try Self.synthesize("cifar100", in: folder)
        #expect(again.code == 2 && again.error.contains("is there already"))
    }
}

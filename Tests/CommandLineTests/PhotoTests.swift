import Foundation
import Testing

/// Photos from a folder to rows of a table.
@Suite("Photos")
struct PhotoTests {
    private static let spec = """
        dataset: {name: image_folder}
        augmentation: imagenet
        backbone: resnet8
        stem: imagenet
        optimizer: {name: sgd, learning_rate: 0.01}
        epochs: 1
        batch_size: 2
        threads: 1
        """

    /// Three classes of two photos each for training and one for the test, from the goldens.
    private func photos(in folder: Program.Folder, damaged: Bool = false) throws -> String {
        let goldens = Program.root.appending(path: "Tests/Goldens/photos")
        let root = folder.url.appending(path: "photos")
        for (index, name) in ["large.jpg", "rgb.png", "cmyk.jpg"].enumerated() {
            let data = try Data(contentsOf: goldens.appending(path: name))
            for path in ["train/\(index)/a.JPEG", "train/\(index)/b.JPEG", "val/\(index)/c.jpg"] {
                let file = root.appending(path: path)
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try (damaged && path == "train/1/b.JPEG" ? data.prefix(500) : data).write(to: file)
            }
        }
        return root.path
    }

    private func run(_ arguments: String..., in folder: Program.Folder) throws -> Program.Answer {
        let spec = try folder.write(Self.spec, to: "photos.spec")
        return try Program.run([arguments[0], spec] + arguments.dropFirst(), in: folder.url)
    }

    @Test("A folder of photos trains a network with as many classes as it has folders")
    func training() throws {
        let folder = try Program.Folder()
        let root = try photos(in: folder)
        let answer = try run("run", "--data", "image_folder=\(root)", in: folder)
        #expect(answer.code == 0, "\(answer.error)")
        let plan = try run("plan", "--data", "image_folder=\(root)", "--json", in: folder)
        let same = try run("plan", "--set", "dataset.classes=3", "--json", in: folder)
        func parameters(_ answer: Program.Answer) -> String? {
            answer.output.firstMatch(of: /"parameters" *: *[0-9]+/).map { String($0.output) }
        }
        #expect(parameters(plan) != nil && parameters(plan) == parameters(same))
        #expect(plan.output.contains("finished"))
    }

    @Test("Without folder and number of classes a plan says what it needs")
    func unknownClasses() throws {
        let folder = try Program.Folder()
        let answer = try run("plan", in: folder)
        #expect(answer.code == 2)
        #expect(answer.error.contains("`classes: N`"), "\(answer.error)")
        let root = try photos(in: folder)
        let other = try run(
            "plan", "--data", "image_folder=\(root)", "--set", "dataset.classes=4", in: folder)
        #expect(other.error.contains("found 3 class folders"), "\(other.error)")
    }

    @Test("A damaged photo fails the job by its name, or is skipped, named and counted")
    func damage() throws {
        let folder = try Program.Folder()
        let data = "image_folder=\(try photos(in: folder, damaged: true))"
        let failed = try run("run", "--data", data, in: folder)
        #expect(failed.code == 1, "\(failed.error)")
        #expect(failed.error.contains("train/1/b.JPEG ends before the image does"))
        let skipped = try run(
            "run", "--data", data, "--set", "dataset.corrupt_images=skip", in: folder)
        #expect(skipped.code == 0, "\(skipped.error)")
        #expect(skipped.error.contains("1 of 6 photos cannot be decoded"), "\(skipped.error)")
    }

    @Test("The speed of preparing photos is one JSON document")
    func speed() throws {
        let folder = try Program.Folder()
        let answer = try Program.run(
            [
                "bench-data", "--data", "image_folder=\(try photos(in: folder))", "--seconds",
                "0.1",
                "--rounds", "1", "--json",
            ], in: folder.url)
        #expect(answer.code == 0, "\(answer.error)")
        let document = try JSONSerialization.jsonObject(with: Data(answer.output.utf8))
        let modes = try #require((document as? [String: Any])?["modes"] as? [[String: Any]])
        #expect(modes.map { $0["decode"] as? String } == ["exact", "scaled"])
        #expect(modes.allSatisfy { $0["images_per_second_per_core"] as? Double ?? 0 > 0 })
    }
}

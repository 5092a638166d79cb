import Foundation
import Tensors
import Testing

/// `evaluate` on weights that a run left behind.
@Suite("Evaluations of given weights")
struct EvaluateTests {
    private static let spec = """
        table: tiny
        dataset: {name: shapes, train: 128, test: 70}
        backbone: resnet8
        optimizer: {name: sgd, learning_rate: 0.05, momentum: 0.9, weight_decay: 5e-4}
        epochs: 1
        batch_size: 32
        threads: 1
        """

    private struct Evaluation: Decodable {
        let data: String
        let count: Int
        let accuracy: Double
        let loss: Double
        let weightsDigest: String
    }

    private func evaluation(_ arguments: [String], in folder: Program.Folder) throws -> Evaluation {
        let answer = try Program.run(["evaluate", "--json"] + arguments, in: folder.url)
        try #require(answer.code == 0, "\(answer.error)")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Evaluation.self, from: Data(answer.output.utf8))
    }

    /// The run's own last evaluation is the oracle, to the last bit.
    @Test("Exported weights give the accuracy and loss that their run recorded")
    func exported() throws {
        let folder = try Program.Folder()
        let spec = try folder.write(Self.spec, to: "tiny.spec")
        let run = try Program.run(["run", spec, "--keep-weights", "--json"], in: folder.url)
        try #require(run.code == 0, "\(run.error)")
        let job = try #require(
            try Program.shell(
                "ls Results/gc-bench.sqlite.weights | cut -d. -f1", in: folder.url
            ).output.split(separator: "\n").first)
        #expect(
            try Program.run(["export", String(job), "--output", "w.safetensors"], in: folder.url)
                .code == 0)
        let found = try evaluation(
            [spec, "--weights", "w.safetensors", "--logits", "l.safetensors"], in: folder)
        let report = try Program.run(["report", "--format", "json"], in: folder.url).output
        #expect(report.contains("\"mean_last\" : \(found.accuracy)"), "\(found) \(report)")
        #expect(found.count == 70 && found.weightsDigest.count == 64)
        try checkLogits(found, in: folder)
    }

    /// Accuracy and cross entropy once more, from the logits and in float64.
    private func checkLogits(_ found: Evaluation, in folder: Program.Folder) throws {
        let tensors = try Safetensors.read(folder.url.appendingPathComponent("l.safetensors").path)
        let logits = try #require(tensors["logits"])
        let labels = try #require(tensors["labels"]).values(as: Int64.self).map { Int($0) }
        #expect(logits.shape == [70, 10])
        let rows = logits.doubles()
        var (loss, hits) = (0.0, 0)
        for (row, label) in labels.enumerated() {
            let scores = rows[row * 10..<row * 10 + 10]
            let highest = scores.max() ?? 0
            let sum = scores.reduce(0) { $0 + exp($1 - highest) }
            loss += log(sum) + highest - scores[row * 10 + label]
            if scores[row * 10 + label] == highest { hits += 1 }
        }
        #expect(abs(found.accuracy - 100 * Double(hits) / 70) < 1e-9)
        // float32 sums of batches against float64.
        #expect(abs(found.loss - loss / 70) < 1e-5)
    }

    @Test("Weights of another network are refused with what is missing and what is unexpected")
    func mismatch() throws {
        let folder = try Program.Folder()
        let spec = try folder.write(Self.spec, to: "tiny.spec")
        let path = folder.url.appendingPathComponent("bad.safetensors").path
        try Safetensors.write(["other.weight": HostTensor([1 as Float], shape: [1])], to: path)
        let answer = try Program.run(["evaluate", spec, "--weights", path], in: folder.url)
        #expect(answer.code == 2)
        #expect(answer.error.contains("missing: conv1.weight"), "\(answer.error)")
        #expect(answer.error.contains("1 unexpected: other.weight"), "\(answer.error)")
    }

    @Test("A job starts from the weights of another, and its smoke run needs no file")
    func pretrained() throws {
        let folder = try Program.Folder()
        let first = try folder.write(Self.spec, to: "tiny.spec")
        #expect(
            try Program.run(
                ["run", first, "--keep-weights", "--quiet"], in: folder.url
            ).code == 0)
        _ = try Program.shell("cp Results/gc-bench.sqlite.weights/*.safetensors w", in: folder.url)
        let text = Self.spec + "\npretrained: ${TINY_WEIGHTS_OF_NOBODY}\n"
        let spec = try folder.write(text, to: "fine.spec")
        let missing = try Program.run(["run", spec], in: folder.url)
        #expect(missing.code == 2 && missing.error.contains("pretrained"), "\(missing.error)")
        #expect(try Program.run(["run", spec, "--smoke"], in: folder.url).code == 0)
        let arguments = ["--weights", "resnet8=w"]
        let run = try Program.run(["run", spec] + arguments, in: folder.url)
        #expect(run.code == 0 && run.error.contains("1 finished"), "\(run.error)")
        let again = try Program.run(["run", spec] + arguments, in: folder.url)
        #expect(again.error.contains("1 done before"), "\(again.error)")
    }
}

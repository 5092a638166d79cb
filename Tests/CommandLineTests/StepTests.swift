import Foundation
import Tensors
import Testing

/// `step` as somebody uses it who compares with another framework.
@Suite("Steps on given weights")
struct StepTests {
    private static let spec = "experiments/imagenet_r50.spec"

    /// Four small images with labels of their own.
    private func batch(in folder: Program.Folder, extent: Int = 64) throws -> String {
        var random = CounterRandom(seed: 5, stream: .test)
        let path = folder.url.appendingPathComponent("batch.safetensors").path
        try Safetensors.write(
            [
                "images": HostTensor(
                    (0..<4 * 3 * extent * extent).map { _ in random.normal() },
                    shape: [4, 3, extent, extent]),
                "labels": HostTensor([3, 1, 4, 1] as [Int64], shape: [4]),
            ], to: path)
        return path
    }

    private func step(
        _ backbone: String, precision: String, backend: String, batch: String, weights: String?,
        steps: Int = 2, in folder: Program.Folder
    ) throws -> [String: HostTensor] {
        let output = folder.url.appendingPathComponent("\(backend)-\(precision).safetensors").path
        let answer = try Program.run(
            [
                "step", Self.spec, "--set", "backbone=\(backbone)", "--set", "gc=gcc", "--set",
                "normalization=bn", "--set", "precision=\(precision)", "--set",
                "optimizer.learning_rate=0.01", "--seeds", "0", "--batch", batch, "--steps",
                "\(steps)", "--output", output, "--backend", backend,
            ] + (weights.map { ["--weights", $0] } ?? []))
        #expect(answer.code == 0, "\(answer.error)")
        return try Safetensors.read(output)
    }

    @Test(
        "The CPU backend's float32 steps follow the reference's float64 steps",
        arguments: ["resnet18", "resnet50"])
    func backends(backbone: String) throws {
        let folder = try Program.Folder()
        let batch = try batch(in: folder)
        let exact = try step(
            backbone, precision: "float64", backend: "reference", batch: batch, weights: nil,
            in: folder)
        let start = try step(
            backbone, precision: "float32", backend: "cpu", batch: batch, weights: nil, steps: 0,
            in: folder)
        #expect(start["loss"]?.shape == [0])
        let single = try step(
            backbone, precision: "float32", backend: "cpu", batch: batch, weights: nil,
            in: folder)
        #expect(Set(single.keys) == Set(exact.keys))
        let losses = try [#require(exact["loss"]), #require(single["loss"])].map { $0.doubles() }
        // Float32 rounding through fifty layers and one update at a batch of four.
        for (one, other) in zip(losses[0], losses[1]) { #expect(abs(one - other) < 1e-3 * one) }
        for (name, tensor) in exact where name != "loss" {
            let other = try #require(single[name]).doubles()
            let norm = tensor.doubles().reduce(0) { $0 + $1 * $1 }.squareRoot()
            let difference = zip(tensor.doubles(), other).reduce(0) {
                $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
            }.squareRoot()
            #expect(difference <= 1e-2 * norm + 1e-4, "\(name): \(difference) of \(norm)")
        }
    }

    @Test("Weights written by one call are read by the next")
    func roundTrip() throws {
        let folder = try Program.Folder()
        let batch = try batch(in: folder, extent: 32)
        let once = try step(
            "resnet18", precision: "float32", backend: "cpu", batch: batch, weights: nil,
            steps: 0, in: folder)
        let path = folder.url.appendingPathComponent("weights.safetensors").path
        try Safetensors.write(once.filter { $0.key != "loss" }, to: path)
        let again = try step(
            "resnet18", precision: "float32", backend: "cpu", batch: batch, weights: path,
            steps: 0, in: folder)
        #expect(once == again)
    }

    @Test("Files that do not fit are refused with the tensor's name")
    func mistakes() throws {
        let folder = try Program.Folder()
        let batch = try batch(in: folder, extent: 32)
        let path = folder.url.appendingPathComponent("bad.safetensors").path
        try Safetensors.write(["conv1.weight": HostTensor([1 as Float], shape: [1])], to: path)
        let output = folder.url.appendingPathComponent("o.safetensors").path
        let answer = try Program.run([
            "step", Self.spec, "--set", "gc=none", "--set", "normalization=bn", "--seeds", "0",
            "--batch", batch, "--weights", path, "--steps", "1", "--output", output,
        ])
        #expect(answer.code == 2)
        #expect(answer.error.contains("bad.safetensors"), "\(answer.error)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }
}

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
                "step", Self.spec, "--set", "replicas=1", "--set", "backbone=\(backbone)", "--set",
                "gc=gcc", "--set",
                "normalization=bn", "--set", "precision=\(precision)", "--set",
                "optimizer.learning_rate=0.01", "--seeds", "0", "--batch", batch, "--steps",
                "\(steps)", "--output", output, "--backend", backend,
            ] + (weights.map { ["--weights", $0] } ?? []))
        #expect(answer.code == 0, "\(answer.error)")
        return try Safetensors.read(output)
    }

    /// Either precision is far from float64 after one step of a deep network on four images, so the
    /// bound is the error of the reference's own step in that precision.
    @Test(
        "One step of the CPU backend is as exact as its precision allows",
        arguments: [
            ("resnet18", "float32"), ("resnet50", "float32"), ("resnet18", "bfloat16"),
        ])
    func backends(backbone: String, precision: String) throws {
        let folder = try Program.Folder()
        let batch = try batch(in: folder)
        func oneStep(_ precision: String, _ backend: String) throws -> [String: HostTensor] {
            try step(
                backbone, precision: precision, backend: backend, batch: batch, weights: nil,
                steps: 1, in: folder)
        }
        let exact = try oneStep("float64", "reference")
        let single = try oneStep(precision, "reference")
        let fast = try oneStep(precision, "cpu")
        #expect(Set(fast.keys) == Set(exact.keys) && fast["loss"]?.shape == [1])
        let (own, allowed) = (relativeErrors(fast, exact), relativeErrors(single, exact))
        #expect(own.reduce(0, +) <= 2 * allowed.reduce(0, +), "\(own.max() ?? 0)")
        #expect((own.max() ?? 1) <= 3 * (allowed.max() ?? 0), "\(own.max() ?? 0)")
    }

    /// The short form of the long run that Results/speed keeps.
    @Test("The losses of bfloat16 training follow those of float32")
    func lossCurves() throws {
        let folder = try Program.Folder()
        let batch = try batch(in: folder)
        let curves = try ["float32", "bfloat16"].map { precision in
            let tensors = try step(
                "resnet18", precision: precision, backend: "cpu", batch: batch, weights: nil,
                steps: 12, in: folder)
            #expect(tensors.allSatisfy { $0.value.scalarType == .float32 })
            return try #require(tensors["loss"]).doubles()
        }
        let start = curves[0][0]
        #expect(curves[0].count == 12 && (curves[0].last ?? .nan) < 0.5 * start)
        for (single, half) in zip(curves[0], curves[1]) {
            #expect(abs(single - half) < 0.05 * start, "\(curves)")
        }
    }

    /// ‖a − b‖ / ‖b‖ of each tensor.
    private func relativeErrors(_ a: [String: HostTensor], _ b: [String: HostTensor]) -> [Double] {
        b.compactMap { name, tensor in
            guard let other = a[name]?.doubles() else { return nil }
            let (own, norm) = zip(other, tensor.doubles()).reduce((0.0, 0.0)) { sums, pair in
                let difference = pair.0 - pair.1
                return (sums.0 + difference * difference, sums.1 + pair.1 * pair.1)
            }
            return norm > 0 ? (own / norm).squareRoot() : nil
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
            "step", Self.spec, "--set", "replicas=1", "--set", "gc=none", "--set",
            "normalization=bn", "--seeds", "0", "--batch", batch, "--weights", path, "--steps", "1",
            "--output", output,
        ])
        #expect(answer.code == 2)
        #expect(answer.error.contains("bad.safetensors"), "\(answer.error)")
        #expect(!FileManager.default.fileExists(atPath: output))
    }
}

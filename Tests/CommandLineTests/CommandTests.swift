import Foundation
import Testing

@Suite("Commands")
struct CommandTests {
    private struct PlannedJobs: Decodable {
        struct Job: Decodable {
            let parameters: Int
            let multiplyAdds: Int
            let arenaBytes: Int
            let steps: Int
            let state: String
        }

        let jobs: [Job]
    }

    private static var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    private func plan(_ arguments: String...) throws -> [PlannedJobs.Job] {
        try plan(arguments)
    }

    private func plan(_ arguments: [String]) throws -> [PlannedJobs.Job] {
        let answer = try Program.run(["plan"] + arguments + ["--json"])
        #expect(answer.code == 0, "\(answer.error)")
        return try Self.decoder.decode(PlannedJobs.self, from: Data(answer.output.utf8)).jobs
    }

    /// Oracle: torchvision's parameter counts, and the multiply-adds of the published definitions
    /// (reference of covariance pooling, §A7; 4.089 G and 1.814 G).
    @Test(
        "A plan without data counts what torchvision counts",
        arguments: [("resnet50", 25_557_032, 4.089), ("resnet18", 11_689_512, 1.814)])
    func counts(backbone: String, parameters: Int, gigaMultiplyAdds: Double) throws {
        let jobs = try plan(
            "experiments/imagenet_r50.spec", "--set", "backbone=\(backbone)", "--set", "gc=none",
            "--set", "normalization=bn", "--set", "batch_size=16")
        #expect(jobs.count == 1)
        #expect(jobs.first?.parameters == parameters)
        #expect(abs(Double(jobs.first?.multiplyAdds ?? 0) / 1e9 - gigaMultiplyAdds) < 0.0005)
        #expect(jobs.first?.steps == 1_281_167 / 16 * 100)
    }

    @Test(
        "Every spec of Experiments can be planned without data, for processors and for GPUs",
        arguments: ["cpu", "cuda"])
    func planAll(device: String) throws {
        let folder = Program.root.appendingPathComponent("Experiments")
        let specs = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".spec") }
        #expect(!specs.isEmpty)
        for spec in specs {
            let answer = try Program.run(["plan", "Experiments/\(spec)", "--device", device])
            #expect(answer.code == 0, "\(spec): \(answer.error)")
        }
    }

    @Test("ImageNet that is not there is said to be missing, with both ways to give it")
    func missingImagenet() throws {
        let folder = try Program.Folder()
        let spec = Program.root.appendingPathComponent("experiments/imagenet_r50.spec").path
        let answer = try Program.run(["run", spec], in: folder.url)
        #expect(answer.code == 2)
        for part in ["train/ and val/", "--data imagenet=PATH", "root", "--smoke"] {
            #expect(answer.error.contains(part), "\(answer.error)")
        }
        #expect(
            !FileManager.default.fileExists(
                atPath: folder.url.appendingPathComponent("Results").path))
    }

    @Test("List names what specs may use")
    func list() throws {
        #expect(try Program.run(["list", "backbones"]).output.contains("resnet50\n"))
        let all = try Program.run(["list"])
        #expect(all.code == 0)
        for word in ["SGD_GCC", "cifar100", "kaiming_fan_out", "gn", "market1501", "quickstart"] {
            #expect(all.output.contains(word), "no \(word)")
        }
    }

    @Test("Each optimizer is listed with its paper, its modes, its rule in every convention")
    func listOptimizers() throws {
        let answer = try Program.run(["list", "optimizers"])
        #expect(answer.code == 0)
        for part in [
            "adamw: AdamW", "ICLR 2019", "gc: none, gc, gcc, gc2, gcc2", "AdamW_GCC2",
            "convention torch (default), reference, reference_advanced", "convention keras",
            "with gc2: scaleByAdam", "u ← √(1 − 0.999ᵗ)/(1 − 0.9ᵗ) · u", "rectify", "lookahead(6",
        ] { #expect(answer.output.contains(part), "no \(part)") }
        #expect(!answer.output.contains("sgd: SGD\n  gc: none, gc, gcc, gc2"))
    }

    @Test("Describe shows an adaptive rule, its groups and a picture of a schedule")
    func describeAdaptive() throws {
        let answer = try Program.run([
            "describe", "experiments/cifar10_resnet18.spec", "--seeds", "0", "--set", "gc=gc2",
            "--set", "optimizer={name: adamw, convention: reference, learning_rate: 0.001}",
            "--set", "parameter_groups=[{parameters: [bias, normalization], weight_decay: 0}]",
            "--set", "schedule={name: one_cycle, warm_up_iterations: 500}",
        ])
        #expect(answer.code == 0, "\(answer.error)")
        for part in [
            "AdamW_GC2, convention reference: momentRatio(0.9, 0.999, ε 1e-08 beside the plain "
                + "root) → centralize(convolution_and_dense) → correctBias(0.9, 0.999)",
            "u ← m/(√v + 1e-08)", "group: bias+normalization decay 0.0",
            "200 epochs of 390 steps", "█",
        ] { #expect(answer.output.contains(part), "no \(part)") }
    }

    @Test("A group that names nothing is a mistake with exit code 2")
    func unusedGroup() throws {
        let answer = try Program.run([
            "plan", "experiments/cifar10_resnet18.spec", "--seeds", "0", "--set",
            "parameter_groups=[{parameters: layer9, frozen: true}]",
        ])
        #expect((answer.output + answer.error).contains("'layer9' names no parameter of resnet18"))
    }

    @Test("Describe shows layers, totals, the chain, its formula and the schedule")
    func describe() throws {
        let answer = try Program.run([
            "describe", "experiments/cifar10_resnet18.spec", "--set", "gc=gcc", "--seeds", "0",
        ])
        #expect(answer.code == 0, "\(answer.error)")
        for part in [
            "layer4.1.conv2", "11,173,962", "addDecayedWeights(0.0005) → centralize(convolution)",
            "u ← u − mean(u)", "from epoch 61: 0.01",
        ] { #expect(answer.output.contains(part), "no \(part)") }
    }

    @Test("Describe says where the weights come from")
    func initialWeights() throws {
        func describe(_ spec: String, _ settings: String...) throws -> String {
            try Program.run(
                ["describe", "experiments/\(spec).spec", "--set", "gc=none", "--seeds", "0"]
                    + settings.flatMap { ["--set", $0] }
            ).output
        }
        let pretrained = try describe("fine_grained_cub_paper")
        #expect(
            pretrained.contains("initial weights: ${RESNET50_WEIGHTS}; the classifier is drawn"))
        let anew = try describe(
            "fine_grained_cub_paper",
            "pretrained={path: w.pth, digest: 0123abcd, replace_classifier: true}")
        #expect(
            anew.contains("w.pth, whose digest starts with 0123abcd; the classifier is drawn by"))
        #expect(try describe("cifar10_resnet18").contains("initial weights: drawn by `torch`\n"))
    }

    @Test("Planned steps count short last batches and leave out validation images")
    func plannedSteps() throws {
        func steps(_ settings: String...) throws -> [Int] {
            let spec = "experiments/keras_horses_or_humans_published.spec"
            return try plan([spec] + settings.flatMap { ["--set", $0] }).map(\.steps)
        }
        // 1027 images: eight batches of 128 and one of 3.
        #expect(try steps() == [90, 180])
        #expect(try steps("drop_last=true") == [80, 160])
        #expect(try steps("validation=3") == [80, 160])
        #expect(try steps("validation=131", "drop_last=true") == [70, 140])
    }

    /// What a worker says is one line, and lines have no limit: a plan, or the rows of many epochs.
    @Test("The plan of a large network is longer than a line of a pipe usually may be")
    func longReply() throws {
        let answer = try Program.run([
            "describe", "experiments/cifar100_resnet101.spec", "--set", "gc=none", "--seeds", "0",
            "--plan",
        ])
        #expect(answer.code == 0, "\(answer.error)")
        #expect(answer.output.utf8.count > 131_072)
    }

    @Test("A command for one job says how to narrow a sweep down")
    func oneJob() throws {
        let answer = try Program.run(["describe", "experiments/quickstart.spec"])
        #expect(answer.code == 2)
        #expect(answer.error.contains("--set gc=") && answer.error.contains("--seeds 0"))
    }

    @Test("Judge reads cells and writes verdicts")
    func judge() throws {
        let input = """
            {"cells": [{"off": [90, 91, 92], "on": [91, 92, 93.5], "published_off": null, \
            "published_on": null, "margin": 0.3, "higher_is_better": true}]}
            """
        let answer = try Program.run(["judge", "--json"], input: input)
        #expect(answer.code == 0)
        #expect(answer.output.contains("\"verdict\""))
        #expect(try Program.run(["judge", "--json"], input: "{").code == 2)
    }

    @Test("Wrong usage ends with 64")
    func usage() throws {
        #expect(try Program.run(["run"]).code == 64)
        #expect(try Program.run(["run", "x.spec", "--jobs", "0"]).code == 64)
        #expect(try Program.run(["frobnicate"]).code == 64)
    }

    @Test("Help names every command", arguments: ["run", "plan", "describe", "report", "list"])
    func help(command: String) throws {
        #expect(try Program.run(["--help"]).output.contains("  \(command) "))
        #expect(try Program.run([command, "--help"]).code == 0)
    }
}

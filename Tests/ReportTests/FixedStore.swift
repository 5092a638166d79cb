import Foundation
import Records

/// A store whose rows are the same on every machine and at any time.
func fixedStore(_ entries: [Entry]) throws -> Store {
    let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("gc-bench-report-\(UUID().uuidString)")
    let store = try Store.open(
        path: folder.appendingPathComponent("store.sqlite").path,
        now: { Date(timeIntervalSince1970: 1_700_000_000) })
    for entry in entries { try entry.write(to: store) }
    return store
}

/// A job as a test writes it down.
struct Entry {
    /// What became of it: accuracies by epoch, and how it ended.
    enum Fate {
        case planned
        case running([Double])
        case finished([Double])
        case diverged
        case failed(String)
    }

    var table = "quickstart"
    var spec = "Experiments/quickstart.spec"
    var label = "resnet8 bn sgd"
    var dataset = "shapes"
    var backbone = "resnet8"
    var gc = "none"
    var seed = 0
    var epochs = 2
    var evidence = JobEvidence(synthetic: true)
    var deviation: String?
    var arguments: [String] = []
    var position = 0
    var fate = Fate.planned

    var id: String { "\(table)-\(row)-\(gc)-\(seed)" }
    private var row: String {
        "\(backbone)\(evidence.smoke ? "-smoke" : "")\(deviation.map { "-" + $0 } ?? "")"
    }

    var job: JobRow {
        JobRow(
            id: id, cell: "\(table) \(row) \(gc)", row: "\(table) \(row)", seed: seed,
            specification: "{}",
            settings: JobSettings(
                dataset: dataset, backbone: backbone, normalization: "bn", optimizer: "sgd", gc: gc,
                precision: "float32", backend: "cpu", threads: "auto", epochs: epochs),
            evidence: evidence,
            listing: JobListing(
                table: table, spec: spec, label: label, deviation: deviation, arguments: arguments,
                position: position))
    }

    func write(to store: Store) throws {
        try store.register([job])
        switch fate {
        case .planned: return
        case .running(let accuracies):
            try claimed(store) { try store.record(values(accuracies), for: $0) }
        case .finished(let accuracies):
            try claimed(store) {
                try store.finish($0, JobCompletion(.finished), measurements: values(accuracies))
            }
        case .diverged:
            try claimed(store) {
                try store.finish(
                    $0, JobCompletion(.diverged(message: nil)), measurements: values([10]))
            }
        case .failed(let message):
            try claimed(store) { try store.finish($0, JobCompletion(.failed(message: message))) }
        }
    }

    private func claimed(_ store: Store, _ body: (Claim) throws -> Void) throws {
        guard case .claimed(let claim) = try store.claim(id) else { return }
        try store.describe(
            claim,
            as: AttemptEnvironment(
                threads: 2, machine: #"{"cpu": "Imaginary 9000", "cores": 2}"#,
                codeVersion: "gc-bench 1.0"))
        try body(claim)
    }

    private func values(_ accuracies: [Double]) -> [MetricValue] {
        accuracies.enumerated().flatMap { index, accuracy in
            [
                MetricValue("test_accuracy", epoch: index + 1, step: index + 1, value: accuracy),
                MetricValue("train_loss", epoch: index + 1, step: index + 1, value: 1),
            ]
        }
    }
}

/// Three modes and three seeds on drawn images: what a first visitor sees.
func quickstart() -> [Entry] {
    let accuracies: [(String, [[Double]])] = [
        ("none", [[70.1, 78.4], [71.0, 79.3], [69.2, 77.9]]),
        ("gcc", [[74.5, 79.0], [73.9, 80.1], [74.2, 78.2]]),
        ("gc", [[75.0, 79.9], [74.1, 79.8], [80.4, 80.2]]),
    ]
    return accuracies.enumerated().flatMap { position, mode in
        mode.1.enumerated().map { seed, values in
            Entry(gc: mode.0, seed: seed, position: position, fate: .finished(values))
        }
    }
}

/// ImageNet as it comes in practice: real runs, a subset, a smoke run, failures.
func imagenet() -> [Entry] {
    var entry = Entry()
    entry.table = "imagenet"
    entry.spec = "Experiments/imagenet_r50.spec"
    entry.label = "R50BN"
    entry.dataset = "imagenet"
    entry.backbone = "resnet50"
    entry.evidence = JobEvidence()
    var entries: [Entry] = []
    for (seed, accuracy) in [76.2, 76.4, 76.3].enumerated() {
        entry.seed = seed
        entry.gc = "none"
        entry.fate = .finished([accuracy, accuracy - 0.1])
        entries.append(entry)
        entry.gc = "gcc"
        entry.fate = seed == 1 ? .diverged : .finished([accuracy + 0.5, accuracy + 0.4])
        entries.append(entry)
    }
    entry.seed = 3
    entry.fate = .running([50])
    entries.append(entry)
    entry.seed = 4
    entry.fate = .failed("out of memory | killed\nby the kernel")
    entries.append(entry)
    entry.seed = 0
    entry.deviation = "epochs 5 instead of 100"
    entry.arguments = ["--set", "epochs=5", "--data", "imagenet=/data/image net"]
    entry.evidence = JobEvidence(subset: true)
    entry.fate = .finished([40, 41])
    entries.append(entry)
    entry.deviation = nil
    entry.arguments = ["--smoke"]
    entry.evidence = JobEvidence(smoke: true)
    entry.fate = .finished([0.1])
    entries.append(entry)
    return entries
}

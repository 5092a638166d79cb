import Foundation
import Records
import Testing

/// Every experiment of the repository, with its real networks, two steps each.
@Suite("All experiments in smoke")
struct SmokeTests {
    private struct Plan: Decodable {
        struct Job: Decodable {
            let id: String
            let parameters: Int
        }

        let jobs: [Job]
    }

    private static var specs: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(
                atPath: Program.root.appendingPathComponent("Experiments").path
            ).filter { $0.hasSuffix(".spec") }.sorted().map { "Experiments/\($0)" }
        }
    }

    /// Trainable parameters of the networks of each spec. The ImageNet and Keras counts are torchvision's
    /// and Keras's; those on CIFAR-100 follow from the published definitions (11,220,132 is ResNet-18 …);
    /// other numbers of classes change the classifier alone: 2,049 parameters a class for ResNet-50 on
    /// top of 23,508,032.
    private static let parameters: [String: Set<Int>] = [
        "cifar100_densenet121": [7_048_548],
        "cifar100_optimizers": [23_705_252],
        "cifar100_resnet101": [42_697_380],
        "cifar100_resnet18": [11_220_132],
        "cifar100_resnext29": [27_288_996],
        "cifar100_vgg11": [9_277_284],
        "cifar10_resnet18": [11_173_962],
        // Average pooling; Fast-MPN; DropCov, which has a kernel of three numbers more.
        "covariance_pooling_r18": [11_689_512, 19_499_304, 19_499_307],
        "covariance_pooling_r34": [21_797_672, 29_607_464, 29_607_467],
        "covariance_pooling_r50": [25_557_032, 32_027_432, 32_027_435],
        "fine_grained_aircraft_paper": [23_712_932],
        "fine_grained_aircraft_script": [23_712_932],
        "fine_grained_cars_paper": [23_909_636],
        "fine_grained_cars_script": [23_909_636],
        "fine_grained_cub_paper": [23_917_832],
        "fine_grained_cub_script": [23_917_832],
        "fine_grained_dogs_paper": [23_753_912],
        "fine_grained_dogs_script": [23_753_912],
        "image_folder_resnet18": [11_181_642],
        "imagenet_r101": [44_549_160],
        "imagenet_r50": [25_557_032],
        "imagenette_resnet18": [11_181_642],
        "keras_horses_or_humans_intended": [1_704_097],
        "keras_horses_or_humans_published": [1_704_097],
        "mini_imagenet_r50": [23_712_932],
        "quickstart": [78_042],
    ]

    @Test(
        "Each planned job is a row that finished, after two steps, with finite losses",
        .timeLimit(.minutes(15)))
    func all() throws {
        let folder = try Program.Folder()
        let store = folder.url.appendingPathComponent("smoke.sqlite").path
        let specs = try Self.specs
        let run = try Program.run(
            ["run"] + specs + ["--smoke", "--quiet", "--db", store], in: Program.root)
        #expect(run.code == 0, "\(run.error)")
        var planned: Set<String> = []
        for spec in specs {
            let plan = try Program.run(["plan", spec, "--smoke", "--json"], in: Program.root)
            let jobs = try JSONDecoder().decode(Plan.self, from: Data(plan.output.utf8)).jobs
            planned.formUnion(jobs.map(\.id))
            let name = ((spec as NSString).lastPathComponent as NSString).deletingPathExtension
            let expected = try #require(Self.parameters[name], "\(name) is not listed here")
            #expect(Set(jobs.map(\.parameters)) == expected, "\(name)")
        }
        try expect(planned, in: Store.openReadOnly(path: store))
    }

    private func expect(_ planned: Set<String>, in store: Store) throws {
        let records = try store.jobs()
        #expect(Set(records.map(\.job.id)) == planned)
        for record in records {
            let label = "\(record.job.settings.backbone) on \(record.job.settings.dataset)"
            #expect(record.state == .finished, "\(label)")
            #expect(record.job.evidence.smoke && record.job.evidence.synthetic, "\(label)")
            let values = try store.measurements(of: record.job.id)
            for metric in ["train_loss", "test_loss"] {
                let losses = values.filter { $0.metric == metric }
                #expect(losses.contains { $0.step >= 2 }, "\(label): \(metric)")
                #expect(losses.allSatisfy { $0.value.isFinite }, "\(label): \(metric)")
            }
        }
    }
}

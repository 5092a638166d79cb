// swift-tools-version: 6.2
import PackageDescription

// Every module in one table: what it may import is the architecture (Tests/ArchitectureTests holds it).

let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
    _ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil,
    exclude: [String] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, exclude: exclude, resources: resources,
        swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "gc-bench",
    products: [
        .executable(name: "gc-bench", targets: ["gc-bench"]),
        .executable(name: "gc-bench-worker", targets: ["gc-bench-worker"]),
        // For tests of whole programs: opened in the place of CUDA's libraries.
        .library(name: "emulated-cuda", type: .dynamic, targets: ["EmulatedCUDA"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        module("Tensors"),
        module("Graphs", ["Tensors"]),
        .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
        .systemLibrary(name: "COpenBLAS", providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "CKernels", cSettings: [.unsafeFlags(["-O3"])],
            linkerSettings: [.linkedLibrary("gomp")]),
        module("CPUBackend", ["CKernels", "COneDNN", "COpenBLAS", "Graphs", "Tensors"]),
        module("ReferenceBackend", ["Graphs", "Tensors"]),
        .target(name: "CCUDA"),
        .target(name: "CUDAKernels", exclude: ["device"]),
        module("CUDABackend", ["CCUDA", "CUDAKernels", "Graphs", "Tensors"]),
        module("Models", ["Graphs", "Tensors"]),
        module("Optimizers", ["Graphs", "Tensors"]),
        module("Pickles"),
        .systemLibrary(name: "CJPEG", providers: [.apt(["libjpeg62-turbo-dev"])]),
        .systemLibrary(name: "CPNG", providers: [.apt(["libpng-dev"])]),
        .target(
            name: "CPhotos", dependencies: ["CJPEG", "CPNG"], cSettings: [.unsafeFlags(["-O3"])],
            linkerSettings: [.linkedLibrary("jpeg"), .linkedLibrary("png")]),
        module("Datasets", ["CPhotos", "Pickles", "Tensors", crypto]),
        module("Metrics"),
        module(
            "Specifications", ["Datasets", "Models", "Optimizers", "Tensors", crypto, yams]),
        module("Checkpoints", ["Tensors", crypto]),
        module("Weights", ["Pickles", "Tensors"]),
        module(
            "Training",
            [
                "Checkpoints", "Datasets", "Graphs", "Metrics", "Models", "Optimizers",
                "Specifications",
                "Tensors", "Weights",
            ]),
        module(
            "Scheduling",
            [
                "Checkpoints", "Datasets", "Models", "Optimizers", "Records", "Specifications",
                "Tensors",
                "Training", "Weights", subprocess,
            ]),
        .target(name: "CAllocationCounter"),
        module("Records", [grdb]),
        module("Publications"),
        module("Reports", ["Records", "Metrics", "Publications"]),
        .executableTarget(
            name: "gc-bench",
            dependencies: [
                "Checkpoints", "Datasets", "Metrics", "Models", "Optimizers", "Publications",
                "Records",
                "Reports", "Scheduling", "Specifications", "Tensors", "Training", argumentParser,
            ], swiftSettings: strict),
        .executableTarget(
            name: "gc-bench-worker",
            dependencies: [
                "CAllocationCounter", "CPUBackend", "CUDABackend", "Checkpoints", "Datasets",
                "Graphs",
                "ReferenceBackend",
                "Training",
            ], swiftSettings: strict),
        .executableTarget(
            name: "gpu-check",
            dependencies: [
                "CUDABackend", "ConformanceCases", "Graphs", "ReferenceBackend", "Tensors",
            ], path: "Tests/GPUCheck", exclude: ["bundle.sh", "run.sh"], swiftSettings: strict),
        tests("ArchitectureTests", []),
        tests("CommandLineTests", ["Records", "Tensors", "gc-bench", "gc-bench-worker"]),
        tests(
            "TrainingTests",
            [
                "Checkpoints", "Datasets", "Graphs", "Models", "Optimizers", "ReferenceBackend",
                "Specifications", "Tensors", "Training", "Weights",
            ], exclude: ["Snapshots"]),
        tests("CheckpointTests", ["Checkpoints", "Tensors"]),
        tests("TensorTests", ["Tensors"]),
        tests(
            "CPUBackendTests",
            [
                "CKernels", "CPUBackend", "ConformanceCases", "Graphs", "Models", "Optimizers",
                "ReferenceBackend", "Tensors",
            ]),
        .target(
            name: "ConformanceCases", dependencies: ["Graphs", "Models", "Optimizers", "Tensors"],
            path: "Tests/ConformanceCases", swiftSettings: strict),
        .target(
            name: "CUDAEmulator", dependencies: ["CCUDA"], path: "Tests/CUDAEmulator",
            cxxSettings: [.unsafeFlags(["-std=c++17", "-O2"])]),
        .target(
            name: "EmulatedCUDA", dependencies: ["CCUDA", "CUDAEmulator"],
            path: "Tests/EmulatedCUDA", cxxSettings: [.unsafeFlags(["-std=c++17"])]),
        tests(
            "CUDABackendTests",
            [
                "CCUDA", "CUDABackend", "CUDAEmulator", "CUDAKernels", "ConformanceCases", "Datasets",
                "Graphs", "Models", "Optimizers", "ReferenceBackend", "Tensors",
            ]),
        tests(
            "ConformanceTests",
            [
                "CPUBackend", "CUDABackend", "CUDAEmulator", "ConformanceCases", "Graphs",
                "ReferenceBackend", "Tensors",
            ]),
        tests("GraphTests", ["Graphs", "Models", "Optimizers", "ReferenceBackend", "Tensors"]),
        tests(
            "GoldenTests",
            ["CPUBackend", "Graphs", "Models", "Optimizers", "ReferenceBackend", "Tensors"]),
        tests(
            "SpecificationTests",
            ["Specifications", "Tensors", "Models", "Optimizers", "Datasets", yams]),
        tests("MetricTests", ["Metrics"]),
        tests(
            "SchedulingTests",
            [
                "Checkpoints", "Datasets", "Graphs", "Models", "Optimizers", "Records",
                "Scheduling", "Specifications", "Tensors", "Training",
            ]),
        tests("RecordTests", ["Records", grdb]),
        tests("DatasetTests", ["CPhotos", "Datasets", "Pickles", "Tensors"]),
        tests("WeightTests", ["Pickles", "Tensors", "Weights"]),
        tests(
            "ReportTests", ["Metrics", "Publications", "Records", "Reports"],
            resources: [.copy("Snapshots")]),
    ]
)

import Datasets
import Foundation
import Testing

/// Inputs that fuzzing starts from and those that it found to matter (`found-…`), with the properties
/// that `Tests/Fuzz/Targets` check.
@Suite("Inputs from fuzzing")
struct FuzzSeedTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fuzz/Seeds")

    private static func seeds(_ target: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = folder.appending(path: target)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, [UInt8](try Data(contentsOf: folder.appending(path: $0))))
        }
    }

    @Test("Photos are refused, or have the pixels of libjpeg")
    func photos() throws {
        let (own, library) = (PhotoDecoder(), PhotoDecoder(leavesCodes: true))
        let seeds = try Self.seeds("PhotoFiles")
        #expect(seeds.count > 30)
        for (name, bytes) in seeds {
            for eighths: Int32 in [1, 3, 8] {
                guard let photo = own.decode(Data(bytes), eighths: eighths) else { continue }
                let expected = library.decode(Data(bytes), eighths: eighths)
                #expect(photo.rows == expected?.rows, "\(name)")
            }
        }
    }

    @Test("CIFAR's files are refused, or keep pixels and labels in step")
    func cifar() throws {
        let seeds = try Self.seeds("CIFARFiles")
        #expect(seeds.count > 10)
        for (name, bytes) in seeds {
            for variant in [CIFARVariant.cifar10, .cifar100] {
                let content = Array(bytes.dropFirst())
                var (pickled, binary) = (CIFARRows(), CIFARRows())
                try? CIFARPickle.read(content, path: name, variant: variant, into: &pickled)
                try? CIFARBinary.read(content, path: name, variant: variant, into: &binary)
                #expect(pickled.pixels.count == pickled.labels.count * 3_072, "\(name)")
                #expect((pickled.labels + binary.labels).allSatisfy { $0 < 100 }, "\(name)")
            }
        }
    }
}

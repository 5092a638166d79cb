import Foundation
import Specifications
import Testing

@Suite("Spec files")
struct FileTests {
    /// A folder of its own for each test.
    private let folder = FileManager.default.temporaryDirectory
        .appendingPathComponent("specs-\(UUID().uuidString)")

    private func write(_ text: String, to path: String) throws -> String {
        try write(Data(text.utf8), to: path)
    }

    private func write(_ data: Data, to path: String) throws -> String {
        let url = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
        return url.path
    }

    private func failure(_ path: String) -> String? {
        #expect(throws: SpecificationError.self) { try SpecificationFile.load(path) }?.description
    }

    @Test("A path is found whatever the letter case of its components")
    func anyCase() throws {
        let path = try write(Fixture.text, to: "Experiments/Quick.spec")
        let found = try SpecificationFile.locate("\(folder.path)/experiments/quick.SPEC")
        #expect(found == path)
        #expect(
            try SpecificationFile.load("\(folder.path)/experiments/./quick.spec").title == "Quick")
    }

    @Test("The exact path wins over others that differ in case")
    func exactWins() throws {
        _ = try write(Fixture.text, to: "E/a.spec")
        let exact = try write(Fixture.text, to: "e/a.spec")
        #expect(try SpecificationFile.locate(exact) == exact)
    }

    @Test("Several files that differ in case only are not guessed between")
    func ambiguous() throws {
        let one = try write(Fixture.text, to: "E/a.spec")
        let two = try write(Fixture.text, to: "E/A.spec")
        #expect(
            failure("\(folder.path)/e/a.SPEC") == """
                \(folder.path)/e/a.SPEC: error: no such file, and several differ from it in letter \
                case only; name one of them
                note: allowed: \(two), \(one)
                """)
    }

    @Test("A missing file names the nearest one and those of its folder")
    func missing() throws {
        let one = try write(Fixture.text, to: "E/quickstart.spec")
        let two = try write(Fixture.text, to: "E/other.spec")
        #expect(
            failure("\(folder.path)/E/quickstrat.spec") == """
                \(folder.path)/E/quickstrat.spec: error: no such file: there is no \
                'quickstrat.spec' in '\(folder.path)/E'; did you mean '\(one)'?
                note: allowed: \(two), \(one)
                """)
    }

    @Test("Folders, devices and large files are refused; so is text that is not UTF-8")
    func unreadable() throws {
        #expect(
            failure(FileManager.default.temporaryDirectory.path)?.contains("is not a file") == true)
        #expect(failure("/dev/zero")?.contains("is not a file") == true)
        let large = try write(String(repeating: "#", count: 1 << 21), to: "large.spec")
        #expect(failure(large)?.contains("is larger than a spec may be") == true)
        let binary = try write(Data("a: 1\nb: ".utf8) + [0xFF, 0xFE], to: "binary.spec")
        #expect(failure(binary)?.hasPrefix("\(binary):2:4: error: a spec is UTF-8 text") == true)
    }
}

import Foundation
import Publications
import Records
import Reports
import Testing

/// Reports of a fixed store, byte for byte. When a change is meant, read the difference and replace
/// the file by what the failing test left in the temporary folder.
@Suite("The report of a fixed store")
struct SnapshotTests {
    @Test(
        "equals the committed one",
        arguments: ReportFormat.allCases)
    func snapshot(_ format: ReportFormat) throws {
        let store = try fixedStore(quickstart() + imagenet())
        let text = try Report(
            jobs: store.jobs(), curves: store.curves(also: Report.extraCurves)
        ).text(format)
        let file = try #require(
            Bundle.module.url(
                forResource: "report", withExtension: format.fileExtension,
                subdirectory: "Snapshots"))
        guard try String(contentsOf: file, encoding: .utf8) != text else { return }
        // A name of its own: several people may test on one machine.
        let actual = FileManager.default.temporaryDirectory.appendingPathComponent(
            "report-\(UUID().uuidString).\(format.fileExtension)")
        try text.write(to: actual, atomically: true, encoding: .utf8)
        Issue.record("another text than \(file.path): see \(actual.path)")
    }
}

import ArgumentParser
import Datasets
import Foundation

struct DataSynthesizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Write stand-ins for data sets: drawn images in the real files' formats.",
        discussion: """
            Each set goes into a folder of its name, which is marked: whatever is trained on it is \
            recorded as synthetic and never stands in a table of real results. The same seed gives \
            the same bytes.

              gc-bench data synthesize fgvc_aircraft --output Data
              gc-bench run SPEC --data fgvc_aircraft=Data/fgvc_aircraft
            """)

    @Argument(help: "Data sets: \(Self.known).")
    var names: [String]

    @Option(help: "The folder to write into.", completion: .directory)
    var output: String

    @Option(
        help: """
            How many training images; half as many for the test. By default one for each class, at \
            least a hundred.
            """)
    var images: Int?

    @Option(help: "What the images are drawn from.")
    var seed: UInt64 = 0

    @Option(
        help: """
            official: the archive's own layout; pickle: CIFAR's python form; folders: one folder per \
            class, for the sets whose archives have lists.
            """)
    var layout: Layout = .official

    enum Layout: String, CaseIterable, ExpressibleByArgument {
        case official, pickle, folders

        var named: SyntheticLayout {
            switch self {
            case .official: .official
            case .pickle: .pickle
            case .folders: .folders
            }
        }
    }

    private static var known: String {
        DatasetName.allCases.filter { !SyntheticLayout.layouts(of: $0).isEmpty }
            .map(\.rawValue).joined(separator: ", ")
    }

    func validate() throws {
        for name in names where DatasetName(rawValue: name) == nil {
            throw ValidationError("no data set '\(name)'; there are \(Self.known)")
        }
    }

    func run() async throws {
        try await reportingMistakes {
            let sets = try names.compactMap(DatasetName.init(rawValue:)).map {
                try Synthesis($0, layout: layout.named, trainingCount: images, seed: seed)
            }
            for set in sets {
                let folder = try set.write(below: (output as NSString).expandingTildeInPath)
                Console.print(
                    "\(folder): \(Units.grouped(set.trainingCount)) training and "
                        + "\(Units.grouped(set.testCount)) test images, drawn")
            }
        }
    }
}

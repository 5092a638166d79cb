import Datasets
import Scheduling
import Specifications

/// Packs the photos of all jobs before the first one runs, so that the wait is seen and happens once.
struct CachePreparation {
    private struct Photos: Hashable {
        let settings: DatasetSettings
        let root: String
        let folder: String
    }

    private let sets: Set<Photos>

    init(_ jobs: [PreparedJob]) {
        sets = Set(
            jobs.compactMap { job in
                guard let root = job.dataRoot, let folder = job.cacheFolder,
                    job.specification.dataset.name.kind == .photos
                else { return nil }
                return Photos(settings: job.specification.dataset, root: root, folder: folder)
            })
    }

    /// - Throws: ``DatasetError`` for a photo that cannot be decoded or a folder that cannot be
    ///   written.
    func build(isQuiet: Bool) throws {
        for set in sets {
            let location = try set.settings.name.locate(root: set.root)
            for split in Split.allCases {
                let meter = CountMeter("\(set.settings.name.rawValue): photos packed")
                defer { meter.end() }
                let preparation = PhotoPreparation(
                    shorterSide: set.settings.shorterSide, cacheFolder: set.folder
                ) { if !isQuiet { meter.show($0, of: $1) } }
                _ = try location.read(split).prepared(preparation)
            }
        }
    }
}

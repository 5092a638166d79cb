import Datasets
import Specifications

/// What is known of a job's images before any is read.
struct DataSource {
    let provenance: Provenance
    let trainingCount: Int
    /// nil where nothing is on a disk, or nobody looked.
    let location: DatasetLocation?

    /// Finds the data, or knows how they will be drawn.
    ///
    /// - Throws: ``DatasetError`` where they are missing.
    init(_ job: JobSpecification, root: String?) throws {
        let settings = job.dataset
        guard !job.smoke else {
            provenance = Provenance(name: settings.name, origin: .standIn, format: .memory)
            trainingCount = settings.trainCount ?? settings.name.facts.trainingCount
            location = nil
            return
        }
        let location = try settings.name.locate(
            root: root, trainingCount: settings.trainCount, testCount: settings.testCount)
        provenance = location.provenance
        trainingCount = location.trainingCount
        self.location = location
    }

    /// The job with what its data tell about it.
    ///
    /// - Throws: ``DatasetError`` where nobody knows the number of classes.
    func completed(_ job: JobSpecification) throws(DatasetError) -> JobSpecification {
        let (name, given) = (job.dataset.name, job.dataset.classCount)
        guard let found = location?.classCount else {
            if name.takesClassesFromFolder, given == nil, !job.smoke {
                throw .unknownClassCount(name)
            }
            return job
        }
        guard given == nil || given == found else {
            throw .otherClassCount(
                name, folder: provenance.folder ?? name.rawValue, found: found,
                expected: given ?? found)
        }
        return job.with { $0.dataset = $0.dataset.with(classCount: found) }
    }

    /// Without looking: the official set, unless the program draws the images.
    init(official job: JobSpecification) {
        let (name, settings) = (job.dataset.name, job.dataset)
        let origin: Provenance.Origin =
            job.smoke ? .standIn : name.isDrawn ? .drawn : .official
        provenance = Provenance(name: name, origin: origin, format: .memory)
        trainingCount = settings.trainCount ?? name.facts.trainingCount
        location = nil
    }
}

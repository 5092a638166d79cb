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

/// What happens to photos that cannot be decoded. None is ever replaced by another image.
public enum CorruptImagePolicy: String, Hashable, Sendable, Codable, CaseIterable {
    /// The first one that is met ends the job, which names it.
    case fail
    /// Every photo is decoded once when the data set is opened; those that cannot be are named, counted
    /// and left out before the first epoch, so that every epoch and every thread sees the same images.
    case skip
}

/// What a worker says: one JSON document per line on its standard output.
public enum WorkerReply: Hashable, Sendable, Codable {
    case event(TrainingEvent)
    case surveys([JobSurvey])
    /// A plan, one instruction a line.
    case plan(String)
    /// The losses of the steps, each before its update.
    case stepped([Double])
    case evaluated(EvaluationSummary)
    case benched(BenchResult)
    case peaks(MachinePeaks)
    /// Names and versions of the libraries that compute.
    case libraries([String: String])
    case gpus(GPUSurvey)
    /// The request cannot be carried out; the message is for the user.
    case refused(String)
}

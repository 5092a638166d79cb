extension Experiment {
    /// The name of a job's row: the spec's `label`, followed by what still varies among the rows
    /// of that label, such as `gc=gcc, normalization=gn32`. A spec of one row is named in full.
    public func label(of job: JobSpecification) -> String {
        RowLabels(experiment: self).label(of: job)
    }

    /// The labels of all jobs, in their order.
    ///
    /// - Parameter withoutMode: leaves out the mode of centralization, so that the arms of one
    ///   comparison have one label.
    public func labels(withoutMode: Bool = false) -> [String] {
        let names = RowLabels(experiment: self, omitted: withoutMode ? .gradientCentralization : nil)
        return jobs.map(names.label(of:))
    }
}

/// Names rows by what tells them apart.
private struct RowLabels {
    private let axes: [JobField]
    private let axesOfLabel: [String: [JobField]]
    private let omitted: JobField?

    init(experiment: Experiment, omitted: JobField? = nil) {
        self.omitted = omitted
        axes = experiment.axes.map(\.field).filter { $0 != omitted }
        let labelled = Dictionary(grouping: experiment.jobs.filter { $0.label != nil }) {
            $0.label ?? ""
        }
        axesOfLabel = labelled.mapValues { [axes] jobs in
            axes.filter { field in
                guard let first = jobs.first.map(field.text) else { return false }
                return jobs.contains { field.text(of: $0) != first }
            }
        }
    }

    func label(of job: JobSpecification) -> String {
        if let label = job.label {
            return ([label] + named(axesOfLabel[label] ?? [], of: job)).joined(separator: ", ")
        }
        if axes.isEmpty {
            return Self.principal.filter { $0 != omitted }.map { $0.text(of: job) }
                .joined(separator: " ")
        }
        return named(axes, of: job).joined(separator: ", ")
    }

    /// What a lone row is called by.
    private static let principal: [JobField] = [
        .dataset, .backbone, .normalization, .optimizer, .gradientCentralization,
    ]

    private func named(_ fields: [JobField], of job: JobSpecification) -> [String] {
        fields.filter { $0 != omitted }.map { "\($0.rawValue)=\($0.text(of: job))" }
    }
}

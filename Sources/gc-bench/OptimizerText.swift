import Foundation
import Optimizers
import Specifications
import Training

/// What `list` and `describe` say about optimizers and schedules.
enum OptimizerText {
    /// An optimizer with its sources, modes, conventions and the rule of each.
    static func entry(_ name: OptimizerName) -> [String] {
        let modes = name.modes.map(\.rawValue).joined(separator: ", ")
        let published = PublishedOptimizerClass.allCases.filter { $0.optimizer == name }
        let head = [
            "\(name.rawValue): \(name.title)",
            "  \(name.citation)",
            "  gc: \(modes)",
        ]
        let classes =
            published.isEmpty
            ? [] : ["  published classes: \(published.map(\.rawValue).joined(separator: ", "))"]
        // Conventions that agree have one canonical form.
        let rules = name.conventions.map { settings(name, $0) }.reduce(into: [OptimizerSettings]())
        {
            if !$0.contains($1) { $0.append($1) }
        }
        return head + classes + rules.flatMap(self.rule)
    }

    /// The defaults of a convention; momentum and decay, where the default is none, have the
    /// values of the published CIFAR-100 runs, so that their place shows.
    private static func settings(_ name: OptimizerName, _ convention: OptimizerConvention)
        -> OptimizerSettings
    {
        let standard = OptimizerDefaults(name, convention)
        return OptimizerSettings(
            name: name, convention: convention, learningRate: 1,
            momentum: name == .sgd || name == .sgdw ? 0.9 : 0,
            weightDecay: standard.weightDecay == 0 ? 5e-4 : nil)
    }

    /// The conventions that share a rule, its chain in each place of centralization, its formula.
    private static func rule(_ settings: OptimizerSettings) -> [String] {
        let plain = Recipe(settings, .none)
        let places = [GradientCentralizationMode.gc, .gc2].filter(settings.name.modes.contains)
        return ["  convention \(conventions(of: settings))", "    \(plain)"]
            + places.map { "    with \($0.rawValue): \(Recipe(settings, $0))" }
            + plain.formula.split(separator: "\n").map { "      \($0)" }
    }

    private static func conventions(of settings: OptimizerSettings) -> String {
        settings.conventions.map { convention in
            convention.rawValue
                + (convention == settings.name.conventions.first ? " (default)" : "")
        }.joined(separator: ", ")
    }

    // MARK: - One job

    /// The chain, the rule and the groups of a job.
    static func optimizer(of job: JobSpecification) -> String {
        let recipe = Recipe(job.optimizer, job.gradientCentralization)
        let head = "\(recipe.name), convention \(conventions(of: job.optimizer))"
        let rules = recipe.formula.split(separator: "\n").map { "  \($0)" }
        let groups = job.parameterGroupsInEffect.map { "  group: \($0)" }
        return (["\(head): \(recipe)"] + rules + groups).joined(separator: "\n") + "\n"
    }

    /// The learning rate over the run: as a picture, and where it changes.
    static func schedule(of job: JobSpecification, stepsPerEpoch: Int) -> String {
        let stepCount = job.epochs * stepsPerEpoch
        guard stepCount > 0 else { return "no epochs\n" }
        func rate(_ step: Int) -> Double {
            job.learningRate(
                at: ScheduleProgress(
                    step: step, stepsPerEpoch: stepsPerEpoch, epochs: job.epochs))
        }
        let width = min(stepCount, 60)
        let columns = (0..<width).map { rate($0 * stepCount / width) }
        let highest = columns.reduce(0, max)
        return "learning rate over \(job.epochs) epochs of \(stepsPerEpoch) steps, "
            + "highest \(short(highest))\n" + plot(columns, highest: highest)
            + changes(over: job.epochs) { rate($0 * stepsPerEpoch) }
    }

    /// Four lines of blocks, the highest rate at the top.
    private static func plot(_ rates: [Double], highest: Double) -> String {
        let bars = Array(" ▁▂▃▄▅▆▇█")
        let rowCount = 4
        guard highest > 0 else { return "" }
        return (0..<rowCount).map { row in
            let line = rates.map { rate -> Character in
                let eighths = Int((rate / highest * Double(8 * rowCount)).rounded(.up))
                return bars[min(8, max(0, eighths - 8 * (rowCount - 1 - row)))]
            }
            return "  │\(String(line))\n"
        }.joined() + "  └" + String(repeating: "─", count: rates.count) + "\n"
    }

    private static func changes(over epochs: Int, _ rate: (Int) -> Double) -> String {
        let rates = (0..<epochs).map(rate)
        let changes = rates.indices.filter { $0 == 0 || rates[$0] != rates[$0 - 1] }
        let shown = changes.prefix(12).map { "  from epoch \($0 + 1): \(short(rates[$0]))" }
        let more = changes.count > 12 ? ["  … and \(changes.count - 12) more changes"] : []
        return (shown + more).joined(separator: "\n") + "\n"
    }

    /// Six digits: what rounding adds is no information.
    private static func short(_ number: Double) -> String {
        guard number != 0 else { return "0.0" }
        let scale = 1e6 / pow(10, log10(number.magnitude).rounded(.up))
        return "\((number * scale).rounded() / scale)"
    }
}

internal import Optimizers

extension SpecificationSection {
    static let schedule = SpecificationSection(
        "schedule", names: names(Schedule.Name.self),
        [
            Entry(.name, .name(names(Schedule.Name.self)), .required, "the curve"),
            Entry(
                .per, .name(names(Schedule.Unit.self)), .optional,
                of: Schedule.Name.allCases.filter { $0 != .constant }.map(\.rawValue),
                "what the curve moves with and counts; epochs for steps, else iterations"),
            Entry(
                .every, .integer(1...1_000_000), .required, of: [Schedule.Name.step.rawValue],
                "epochs or iterations between steps"),
            Entry(
                .factor, .number(.positiveUnit), .defaults(to: "0.1"),
                of: [Schedule.Name.step, .milestones].map(\.rawValue),
                "what a step multiplies the rate by"),
            Entry(
                .milestones, .risingList(1...1_000_000_000), .required,
                of: [Schedule.Name.milestones.rawValue], "the epochs or iterations of the steps"),
            Entry(
                .final, .number(.unit), .optional,
                of: [Schedule.Name.cosine, .polynomial, .oneCycle].map(\.rawValue),
                "the share of the rate at the end"),
            Entry(
                .power, .number(.positive), .defaults(to: "1"),
                of: [Schedule.Name.polynomial.rawValue], "the exponent of what is left"),
            Entry(
                .rise, .number(.unit), .defaults(to: "\(Schedule.Decay.oneCycleRise)"),
                of: [Schedule.Name.oneCycle.rawValue], "the share of the run that goes up"),
            Entry(
                .start, .number(.unit), .defaults(to: "\(Schedule.Decay.oneCycleStart)"),
                of: [Schedule.Name.oneCycle.rawValue], "the share of the rate at the start"),
            Entry(
                .warmUpEpochs, .number(.nonNegative), .optional, "epochs of linear warm-up"),
            Entry(
                .warmUpIterations, .integer(0...1_000_000_000), .optional,
                "iterations of linear warm-up, instead of epochs"),
            Entry(
                .warmUpStart, .number(.unit), .defaults(to: "0"),
                "the share of the rate that warm-up starts from"),
            Entry(
                .warmUpPer, .name(names(Schedule.Unit.self)),
                .defaults(to: Schedule.Unit.iteration.rawValue), "what warm-up moves with"),
        ])
}

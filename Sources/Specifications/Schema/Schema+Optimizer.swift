internal import Optimizers

extension SpecificationSection {
    static let optimizer = SpecificationSection(
        "optimizer", names: optimizerNames,
        [
            Entry(.name, .name(optimizerNames), .required, "the optimizer or a published class"),
            Entry(
                .convention, .name(names(OptimizerConvention.self)), .optional,
                "whose form of it: torch where that defines it"),
            Entry(.learningRate, .number(.positive), .required, "the base rate"),
            Entry(
                .momentum, .number(.share), .defaults(to: "0"),
                of: owners(.sgd, .sgdw, .rmsprop), "the share of the last update that is kept"),
            Entry(
                .dampening, .number(.share), .defaults(to: "0"), of: owners(.sgd, .sgdw),
                "the share of the gradient that momentum leaves out"),
            Entry(
                .weightDecay, .number(.nonNegative), .optional,
                "the factor of the decay term; by default the convention's"),
            Entry(
                .nesterov, .boolean, .defaults(to: "false"), of: owners(.sgd, .sgdw),
                "whether the update looks ahead by one momentum step"),
            Entry(
                .betas, .numbers(["β₁", "β₂"], .share), .optional,
                of: owners(.adam, .adamw, .radam, .ranger), "what the two moments keep"),
            Entry(
                .epsilon, .number(.positive), .optional,
                of: owners(.adam, .adamw, .adagrad, .rmsprop, .radam, .ranger),
                "what keeps denominators from zero"),
            Entry(
                .rho, .number(.share), .optional, of: owners(.rmsprop),
                "what the average of squares keeps"),
            Entry(
                .amsgrad, .boolean, .defaults(to: "false"), of: owners(.adam, .adamw),
                "whether the largest second moment so far is used"),
            Entry(
                .centered, .boolean, .defaults(to: "false"), of: owners(.rmsprop),
                "whether the squared mean is subtracted"),
            Entry(
                .initialAccumulator, .number(.nonNegative), .optional, of: owners(.adagrad),
                "what the sums of squares start from"),
            Entry(
                .learningRateDecay, .number(.nonNegative), .defaults(to: "0"),
                of: owners(.adagrad), "the rate is divided by 1 + (t − 1) times this"),
            Entry(
                .lookahead, .integer(0...1_000_000), .optional,
                "updates between meetings with slow weights; 0 for none"),
            Entry(
                .lookaheadShare, .number(.positiveUnit), .optional,
                "the share of the way that slow weights move"),
            Entry(
                .clipNorm, .number(.nonNegative), .defaults(to: "0"),
                "the norm that all gradients together are clipped to; 0 for none"),
        ])

    static let parameterGroup = SpecificationSection(
        "a parameter group",
        [
            Entry(
                .parameters, .texts, .required, isAxis: false,
                "convolution, dense, embedding, bias, normalization, head, backbone, or paths"),
            Entry(
                .weightDecay, .number(.nonNegative), .optional, isAxis: false,
                "their decay instead of the optimizer's"),
            Entry(
                .learningRateFactor, .number(.positive), .optional, isAxis: false,
                "what their rate is multiplied by"),
            Entry(.frozen, .boolean, .optional, isAxis: false, "whether they never move"),
            Entry(
                .optimizer, .map(.optimizer), .optional, isAxis: false,
                "an optimizer of their own"),
            Entry(
                .scheduled, .boolean, .optional, isAxis: false,
                "whether the rate of their own optimizer follows the schedule"),
        ])

    /// The names of these optimizers and of their published classes.
    private static func owners(_ optimizers: OptimizerName...) -> [String] {
        optimizers.map(\.rawValue)
            + PublishedOptimizerClass.allCases.filter { optimizers.contains($0.optimizer) }
            .map(\.rawValue)
    }

    private static let optimizerNames =
        names(OptimizerName.self) + names(PublishedOptimizerClass.self)
}

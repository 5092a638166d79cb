extension Mistake {
    /// Optimizers, their groups, modes and schedules.
    static let optimizers = [
        Mistake(
            line: "gc: gcs", message: "6:5: error: unknown gc 'gcs'; did you mean 'gc'?"),
        Mistake(
            line: "optimizer: sgd",
            message: "3:12: error: expected a map for 'optimizer', found the text 'sgd'"),
        Mistake(
            line: "optimizer: {name: sgd}",
            message: "3:12: error: optimizer needs 'learning_rate': a number, the base rate"),
        Mistake(
            line: "optimizer: {name: sdg, learning_rate: 1}",
            message: "3:19: error: unknown optimizer 'sdg'; did you mean 'sgd'?"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 0}",
            message: "3:39: error: 'learning_rate' is a number greater than 0, not 0"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, learning_rate: 2}",
            message: "3:42: error: the key 'learning_rate' is given twice"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, nesterov: true}",
            message: "3:52: error: 'nesterov' needs a momentum greater than 0"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, momentum: .9, dampening: .1, "
                + "nesterov: true}",
            message: "3:81: error: 'nesterov' needs dampening 0"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, nesterov: no}",
            message: "3:52: error: expected true or false for 'nesterov', found the text 'no'"),
        Mistake(
            line: "gc: gc2",
            message: "6:5: error: 'gc2' centralizes the update of adaptive optimizers; sgd is "
                + "none: centralize its gradient"),
        Mistake(
            line: "optimizer: {name: SGD_GC2, learning_rate: 1}",
            message: "3:19: error: unknown optimizer 'SGD_GC2'; did you mean 'SGD_GC'?"),
        Mistake(
            line: "optimizer: {name: AdamW_GC, learning_rate: 1, convention: torch}",
            message: "3:59: error: AdamW_GC is a published class, so its convention is reference"),
        Mistake(
            line: "optimizer: {name: sgdw, learning_rate: 1, convention: keras}",
            message: "3:55: error: keras does not define sgdw"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, momentum: 0.9}",
            message: "3:43: error: 'momentum' belongs to sgd, sgdw, rmsprop, SGD_GC, SGD_GCC, "
                + "SGDW_GC, SGDW_GCC, not to adam"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: -0.1}",
            message: "3:39: error: 'learning_rate' is a number greater than 0, not -0.1"),
        Mistake(
            line: "optimizer: {name: sgd, learning_rate: 1, weight_decay: -1}",
            message: "3:56: error: 'weight_decay' is a number at least 0, not -1"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, betas: 0.9}",
            message: "3:50: error: expected a list of 2 numbers for 'betas', found the number 0.9"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, betas: [0.9]}",
            message: "3:50: error: 'betas' is a list of β₁ and β₂, not of 1"),
        Mistake(
            line: "optimizer: {name: adam, learning_rate: 1, betas: [0.9, 1]}",
            message: "3:56: error: 'betas' is a number at least 0 and less than 1, not 1"),
        Mistake(
            line: "optimizer: {name: sgd, convention: keras, learning_rate: 1, momentum: 0.9, "
                + "dampening: 0.1}",
            message: "3:87: error: Keras's momentum has no dampening"),
        Mistake(
            line: "optimizer: [{name: sgd, learning_rate: 1}, {name: sgd, learning_rate: 1, "
                + "convention: reference}]",
            message: "3:44: error: the axis 'optimizer' has this value twice"),
        Mistake(
            line: "parameter_groups: {parameters: bias, weight_decay: 0}",
            message: "6:19: error: expected a list of maps for 'parameter_groups', found a map"),
        Mistake(
            line: "parameter_groups: [{parameters: bias}]",
            message: "6:33: error: the group changes nothing; give it weight_decay, "
                + "learning_rate_factor, frozen or optimizer"),
        Mistake(
            line: "parameter_groups: [{weight_decay: 0}]",
            message: "6:20: error: a parameter group needs 'parameters': text or a list of texts, "
                + "convolution, dense, embedding, bias, normalization, head, backbone, or paths"),
        Mistake(
            line: "parameter_groups: [{parameters: conv1, frozen: true, weight_decay: 0.1}]",
            message: "6:68: error: 'weight_decay' on frozen parameters: they have no update at all"),
        Mistake(
            line: "parameter_groups: [{parameters: fc, weight_decay: [0, 1]}]",
            message: "6:51: error: expected a number for 'weight_decay', found a list"),
        Mistake(
            line: "parameter_groups: [{parameters: fc, optimizer: {name: sgd, learning_rate: 1, "
                + "nesterov: true}}]",
            message: "6:88: error: 'nesterov' needs a momentum greater than 0"),
        Mistake(
            line: "schedule: {name: constant, warm_up_epochs: 1, warm_up_iterations: 5}",
            message: "6:67: error: warm-up is counted in epochs and in iterations; remove one of "
                + "them"),
        Mistake(
            line: "schedule: {name: cosine, per: step}",
            message: "6:31: error: unknown per 'step'"),
        Mistake(
            line: "schedule: step",
            message: "6:11: error: schedule needs 'every': an integer, epochs or iterations "
                + "between steps"),
        Mistake(
            line: "schedule: {name: milestones, milestones: [60, 30]}",
            message: "6:47: error: 'milestones' rises from value to value; 30 follows 60"),
        Mistake(
            line: "schedule: {name: milestones, milestones: 60}",
            message: "6:42: error: expected a list of integers for 'milestones', "
                + "found the integer 60"),
        Mistake(
            line: "gc: g\u{7}c",
            message: "6:6: error: the character U+0007 is not allowed in a spec"),
    ]
}

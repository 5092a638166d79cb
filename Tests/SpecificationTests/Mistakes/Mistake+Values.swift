extension Mistake {
    /// Numbers, names, lists, seeds, data sets and variants.
    static let values = [
        Mistake(
            line: "drop_last: 1",
            message: "6:12: error: expected true or false for 'drop_last', found the integer 1"),
        Mistake(
            line: "epochs: many",
            message: "4:9: error: expected an integer for 'epochs', found the text 'many'"),
        Mistake(
            line: "epochs: \"2\"",
            message: "4:9: error: expected an integer for 'epochs', found the text '2'"),
        Mistake(
            line: "epochs: 2.5",
            message: "4:9: error: expected an integer for 'epochs', found the number 2.5"),
        Mistake(
            line: "epochs: -1",
            message: "4:9: error: 'epochs' is an integer from 0 to 1000000, not -1"),
        Mistake(
            line: "epochs: 010",
            message: "4:9: error: expected an integer for 'epochs', found '010' "
                + "(numbers are decimal and begin with no extra 0)"),
        Mistake(
            line: "epochs: 0x10",
            message: "4:9: error: expected an integer for 'epochs', found '0x10' "
                + "(numbers are decimal)"),
        Mistake(
            line: "epochs: 1:30",
            message: "4:9: error: expected an integer for 'epochs', found '1:30' "
                + "(numbers are decimal, not sexagesimal)"),
        Mistake(
            line: "epochs: 1_000",
            message: "4:9: error: expected an integer for 'epochs', found '1_000' "
                + "(digits stand without separators)"),
        Mistake(
            line: "epochs: 99999999999999999999",
            message: "4:9: error: expected an integer for 'epochs', found "
                + "'99999999999999999999' (too large for an integer)"),
        Mistake(
            line: "batch_size: 0",
            message: "5:13: error: 'batch_size' is an integer from 1 to 1000000, not 0"),
        Mistake(
            line: "label_smoothing: .nan",
            message: "6:18: error: expected a number for 'label_smoothing', found '.nan' "
                + "(not a finite number)"),
        Mistake(
            line: "label_smoothing: 1",
            message: "6:18: error: 'label_smoothing' is a number at least 0 and less than 1, not 1"),
        Mistake(
            line: "threads: all", message: "6:10: error: unknown threads 'all'"),
        Mistake(
            line: "table: [a, b]",
            message: "6:8: error: expected text for 'table', found a list"),
        Mistake(
            line: "quirks: [biased_convolution]",
            message: "6:10: error: unknown quirks 'biased_convolution'; "
                + "did you mean 'biased_convolutions'?"),
        Mistake(
            line: "quirks: biased_convolutions",
            message: "6:9: error: expected a list of names for 'quirks', found the text "
                + "'biased_convolutions'"),
        Mistake(
            line: "seeds: 0",
            message: "6:8: error: 'seeds' is an integer from 1 to 100000, not 0"),
        Mistake(line: "seeds: [1, 1]", message: "6:12: error: the seed 1 is named twice"),
        Mistake(
            line: "seeds: []",
            message: "6:8: error: 'seeds' is an empty list; name a seed or more"),
        Mistake(
            line: "seeds: all",
            message: "6:8: error: expected an integer (a count) or a list of integers for "
                + "'seeds', found the text 'all'"),
        Mistake(
            line: "dataset: {name: cifar10, root: \"${1X}\"}",
            message: "1:32: error: '${1X}' is not a variable: write ${NAME}"),
        Mistake(
            line: "dataset: {name: shapes, train: 100}",
            message: "5:13: error: a batch of 128 is larger than the 100 training images"),
        Mistake(
            line: "dataset: {name: cifar10, train: 100}",
            message: "1:26: error: 'train' belongs to shapes, not to cifar10"),
        Mistake(
            line: "variants: {gc: gc}",
            message: "6:11: error: expected a list of maps for 'variants', found a map"),
        Mistake(
            line: "variants: [gc]", message: "6:12: error: a variant is a map, not the text 'gc'"),
        Mistake(
            line: "variants: [{gc: gc}, {gc: [gcc, gc]}]",
            message: "6:22: error: this variant repeats rows of one before it"),
        Mistake(
            line: "variants: [{variants: []}]",
            message: "6:13: error: a variant has no variants of its own"),
    ]
}

extension Mistake {
    /// How a spec is written.
    static let syntax = [
        Mistake(
            line: "bakbone: resnet18",
            message: "6:1: error: unknown key 'bakbone' in a spec; did you mean 'backbone'?"),
        Mistake(
            line: "backbone:",
            message: "2:1: error: 'backbone' has no value; expected text (a name) or a map"),
        Mistake(
            line: "backbone: []",
            message: "2:11: error: 'backbone' is an empty list; an axis has a value or more"),
        Mistake(
            line: "backbone: [resnet18, resnet34, resnet18]",
            message: "2:32: error: the axis 'backbone' has this value twice"),
        Mistake(
            line: "backbone: [resnet18",
            message: "2:11: error: '[' is never closed; add ']'"),
        Mistake(
            line: "backbone: [resnet18}",
            message: "2:11: error: '[' is not closed before '}'"),
        Mistake(
            line: "backbone: \"resnet18",
            message: "2:11: error: the quote that opens here is not closed on its line"),
        Mistake(
            line: "backbone:resnet18",
            message: "2:1: error: expected 'key: value' or a list entry that begins with '- '"),
        Mistake(
            line: "backbone: &a resnet18",
            message: "2:11: error: anchors are not used in specs; write it out"),
        Mistake(
            line: "backbone: *a",
            message: "2:11: error: aliases are not used in specs; write it out"),
        Mistake(
            line: "backbone: !!str resnet18",
            message: "2:11: error: tags are not used in specs; quote text"),
        Mistake(
            line: "backbone: |",
            message: "2:11: error: block text is not used in specs; write it on one line, in quotes"
        ),
        Mistake(
            line: "pretrained: {path: a, replace_classifer: true}",
            message: "6:23: error: unknown key 'replace_classifer' in pretrained; "
                + "did you mean 'replace_classifier'?"),
        Mistake(
            line: "\tgc: gc", message: "6:1: error: a tab cannot indent; use spaces"),
        Mistake(
            line: " gc: gc",
            message: "6:4: error: a second ': ' on a line; put each key on its own line, "
                + "in one column, or use { }"),
    ]
}

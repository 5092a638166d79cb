import Testing

/// A changed line of the fixture, and the first line of the only message about it.
struct Mistake: CustomTestStringConvertible {
    let line: String
    let message: String
    var testDescription: String { line }

    static let all = syntax + values + networks + optimizers
}

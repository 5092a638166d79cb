/// What follows a convolution or a normalization in the same pass over memory.
public struct Epilogue: Hashable, Sendable, Codable {
    /// A tensor like y is added, before the activation.
    public let addsResidual: Bool
    public let appliesRelu: Bool

    public init(addsResidual: Bool = false, appliesRelu: Bool = false) {
        self.addsResidual = addsResidual
        self.appliesRelu = appliesRelu
    }

    public static let none = Epilogue()

    var suffix: String { (addsResidual ? "+add" : "") + (appliesRelu ? "+relu" : "") }
}

/// Parameters that are trained in another way than the optimizer says.
public struct ParameterGroup: Hashable, Sendable, Codable {
    /// What the group does.
    public enum Treatment: Hashable, Sendable, Codable {
        /// No gradient is computed and nothing moves; running statistics go on as in other layers.
        case frozen
        /// The job's optimizer with another decay, another rate, or both.
        case adjusted(weightDecay: Double?, learningRateFactor: Double)
        /// An optimizer of their own; its rate follows the schedule or stays.
        case separate(OptimizerSettings, isScheduled: Bool)
    }

    public let parameters: [ParameterSelector]
    public let treatment: Treatment

    public init(_ parameters: [ParameterSelector], _ treatment: Treatment) {
        self.parameters = parameters
        self.treatment = treatment
    }
}

extension ParameterGroup {
    /// The same group at the rate that everything else has.
    public var withoutRate: ParameterGroup {
        guard case .adjusted(let weightDecay, _) = treatment else { return self }
        return ParameterGroup(
            parameters, .adjusted(weightDecay: weightDecay, learningRateFactor: 1))
    }
}

extension ParameterGroup: CustomStringConvertible {
    public var description: String {
        let names = parameters.map(\.description).joined(separator: "+")
        switch treatment {
        case .frozen: return "\(names) frozen"
        case .adjusted(let decay, let factor):
            return names + (decay.map { " decay \($0)" } ?? "")
                + (factor == 1 ? "" : " rate ×\(factor)")
        case .separate(let settings, let isScheduled):
            return "\(names) by \(Recipe(settings, .none)), rate \(settings.learningRate)"
                + (isScheduled ? "" : " without schedule")
        }
    }
}

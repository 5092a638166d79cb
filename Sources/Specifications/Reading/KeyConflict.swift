internal import Optimizers

/// What is wrong with an optimizer or a parameter group whose keys are all right alone.
struct KeyConflict {
    /// The key that is reported, where it was given.
    let key: SpecificationKey
    let message: String
    /// The keys that the other place may be.
    var causes: [SpecificationKey] = []
    var allowed: [String] = []
}

extension KeyConflict {
    static func conflicts(
        of settings: OptimizerSettings, _ map: [SpecificationKey: PlacedValue]
    ) -> [KeyConflict] {
        [
            convention(settings, map), nesterov(settings), kerasDampening(settings),
            kerasRateDecay(settings),
        ].compactMap(\.self)
    }

    private static func convention(
        _ settings: OptimizerSettings, _ map: [SpecificationKey: PlacedValue]
    ) -> KeyConflict? {
        guard let text = map.text(.convention) else { return nil }
        if let name = map.text(.name), PublishedOptimizerClass(rawValue: name) != nil,
            text != OptimizerConvention.reference.rawValue
        {
            return KeyConflict(
                key: .convention,
                message: "\(name) is a published class, so its convention is reference",
                causes: [.name])
        }
        guard !settings.name.conventions.contains(settings.convention) else { return nil }
        return KeyConflict(
            key: .convention, message: "\(text) does not define \(settings.name.rawValue)",
            causes: [.name], allowed: settings.name.conventions.map(\.rawValue))
    }

    /// PyTorch's rule: looking ahead needs momentum, undamped.
    private static func nesterov(_ settings: OptimizerSettings) -> KeyConflict? {
        guard settings.nesterov else { return nil }
        if settings.momentum == 0 {
            return KeyConflict(
                key: .nesterov, message: "'nesterov' needs a momentum greater than 0",
                causes: [.momentum])
        }
        if settings.dampening != 0 {
            return KeyConflict(
                key: .nesterov, message: "'nesterov' needs dampening 0",
                causes: [.momentum, .dampening])
        }
        return nil
    }

    private static func kerasDampening(_ settings: OptimizerSettings) -> KeyConflict? {
        guard settings.convention == .keras, settings.dampening != 0 else { return nil }
        return KeyConflict(
            key: .dampening, message: "Keras's momentum has no dampening", causes: [.convention])
    }

    private static func kerasRateDecay(_ settings: OptimizerSettings) -> KeyConflict? {
        guard settings.convention == .keras, settings.learningRateDecay != 0 else { return nil }
        return KeyConflict(
            key: .learningRateDecay, message: "Keras's Adagrad has no decay of its rate",
            causes: [.convention])
    }

    // MARK: - Schedules

    static func conflicts(ofSchedule map: [SpecificationKey: PlacedValue]) -> [KeyConflict] {
        guard map[.warmUpEpochs] != nil, map[.warmUpIterations] != nil else { return [] }
        return [
            KeyConflict(
                key: .warmUpIterations,
                message: "warm-up is counted in epochs and in iterations; remove one of them",
                causes: [.warmUpEpochs])
        ]
    }

    // MARK: - Pretrained weights

    static func conflicts(ofPretrained map: [SpecificationKey: PlacedValue]) -> [KeyConflict] {
        guard let digest = map.text(.digest) else { return [] }
        guard (8...64).contains(digest.count), digest.allSatisfy(\.isHexDigit) else {
            return [
                KeyConflict(
                    key: .digest,
                    message: "'digest' is the first 8 to 64 hexadecimal digits of the weights' "
                        + "digest, as `evaluate --json` prints it")
            ]
        }
        return []
    }

    // MARK: - Parameter groups

    static func conflicts(ofGroup map: [SpecificationKey: PlacedValue]) -> [KeyConflict] {
        let isFrozen = map.boolean(.frozen) == true
        let adjustments: [SpecificationKey] = [.weightDecay, .learningRateFactor, .optimizer]
        let given = adjustments.filter { map[$0] != nil }
        if isFrozen {
            return given.map { key in
                KeyConflict(
                    key: key,
                    message: "'\(key.rawValue)' on frozen parameters: they have no update at all",
                    causes: [.frozen])
            }
        }
        if map[.optimizer] != nil {
            return given.filter { $0 != .optimizer }.map { key in
                KeyConflict(
                    key: key,
                    message: "'\(key.rawValue)' beside an optimizer of their own; say it there",
                    causes: [.optimizer])
            }
        }
        if map[.scheduled] != nil {
            return [
                KeyConflict(
                    key: .scheduled,
                    message: "'scheduled' is about an optimizer of their own, and there is none")
            ]
        }
        guard given.isEmpty else { return [] }
        return [
            KeyConflict(
                key: .parameters,
                message: "the group changes nothing; give it weight_decay, learning_rate_factor, "
                    + "frozen or optimizer")
        ]
    }
}

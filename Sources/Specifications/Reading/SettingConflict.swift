internal import Models
internal import Optimizers

/// Two settings that are right alone and wrong together.
struct SettingConflict {
    let message: String
    /// What the other place shows.
    let note: String
    var allowed: [String] = []
    /// Which of the two is reported; the other one is the note.
    var blamesSecond = false

    static func classAndMode(_ optimizer: Setting, _ mode: Setting) -> SettingConflict? {
        guard case .optimizer(_, let published?) = optimizer,
            case .gradientCentralization = mode
        else { return nil }
        return SettingConflict(
            message: "'gc' stands beside a published class name, which already says "
                + "'\(published.rawValue)'; remove one of them",
            note: "the class is named here", blamesSecond: true)
    }

    /// Groups must divide the channels of every norm; widths are multiples of the narrowest.
    static func groupsAndChannels(_ norm: Setting, _ network: Setting) -> SettingConflict? {
        guard case .normalization(let normalization) = norm,
            case .group(let groups) = normalization.kind,
            case .backbone(let backbone, _) = network,
            backbone.commonChannelDivisor % groups != 0
        else { return nil }
        let width = backbone.commonChannelDivisor
        let divisors = (1...width).filter { width % $0 == 0 }
        return SettingConflict(
            message: "\(groups) groups do not divide the \(width) channels of \(backbone.rawValue)",
            note: "the network is chosen here", allowed: divisors.map { "\($0)" })
    }

    /// A network without a choice of stem would have two names for one job.
    static func stemAndNetwork(_ stem: Setting, _ network: Setting) -> SettingConflict? {
        guard case .stem = stem, case .backbone(let backbone, _) = network, !backbone.hasStem
        else { return nil }
        return SettingConflict(
            message: "\(backbone.rawValue) meets every image in one way; remove 'stem'",
            note: "the network is chosen here")
    }

    static func headAndNetwork(_ head: Setting, _ network: Setting) -> SettingConflict? {
        guard case .head(let head) = head, head != .averagePooling,
            case .backbone(let backbone, _) = network, !backbone.takesHeads
        else { return nil }
        return SettingConflict(
            message: "\(head.name.rawValue) is for residual networks, not for "
                + backbone.rawValue,
            note: "the network is chosen here", allowed: [Head.Name.gap.rawValue])
    }

    static func batchAndImages(_ batch: Setting, _ images: Setting) -> SettingConflict? {
        guard case .batchSize(let size) = batch, case .dataset(let dataset) = images,
            let count = dataset.trainCount, size > count
        else { return nil }
        return SettingConflict(
            message: "a batch of \(size) is larger than the \(count) training images",
            note: "the images are chosen here")
    }

    /// Replicas have equal shares: their gradients are averaged as equals.
    static func replicasAndBatch(_ replicas: Setting, _ batch: Setting) -> SettingConflict? {
        guard case .replicas(let count) = replicas, case .batchSize(let size) = batch,
            size % count != 0
        else { return nil }
        return SettingConflict(
            message: "a batch of \(size) cannot be split into \(count) equal micro-batches",
            note: "the batch size is chosen here",
            allowed: (1...min(size, 64)).filter { size % $0 == 0 }.map { "\($0)" })
    }

    /// What is left over need not have equal shares.
    static func replicasAndRest(_ replicas: Setting, _ dropLast: Setting) -> SettingConflict? {
        guard case .replicas(let count) = replicas, count > 1, case .dropLast(false) = dropLast
        else { return nil }
        return SettingConflict(
            message: "with 'replicas' the images that are left over sit the epoch out: they "
                + "cannot always be split equally",
            note: "the replicas are chosen here", allowed: ["true"], blamesSecond: true)
    }

    static func validationAndImages(_ validation: Setting, _ images: Setting) -> SettingConflict? {
        guard case .validation(let held) = validation, case .dataset(let dataset) = images,
            let count = dataset.trainCount, held >= count
        else { return nil }
        return SettingConflict(
            message: "\(held) validation images leave none of the \(count) training images",
            note: "the images are chosen here")
    }

    /// For SGD the update is as linear as centralization, so a second place would be the same one.
    static func modeAndOptimizer(_ optimizer: Setting, _ mode: Setting) -> SettingConflict? {
        guard case .optimizer(let settings, nil) = optimizer,
            case .gradientCentralization(let mode) = mode,
            !settings.name.modes.contains(mode)
        else { return nil }
        return SettingConflict(
            message: "'\(mode.rawValue)' centralizes the update of adaptive optimizers; "
                + "\(settings.name.rawValue) is none: centralize its gradient",
            note: "the optimizer is chosen here",
            allowed: settings.name.modes.map(\.rawValue), blamesSecond: true)
    }
}

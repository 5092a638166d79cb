/// How the images of an epoch become updates.
public struct Batching: Hashable, Sendable, Codable {
    /// How many equal micro-batches make one batch: each has its own batch statistics, their
    /// gradients are averaged into one update, as a published run on so many devices did.
    public var replicas: Int
    /// Whether the images that are left over after whole batches are left out of an epoch.
    public var dropsLast: Bool

    public init(replicas: Int = 1, dropsLast: Bool = true) {
        self.replicas = replicas
        self.dropsLast = dropsLast
    }

    /// Whole batches, one at a time.
    public static let plain = Batching()
}

/// Training images that are kept apart: they are evaluated after each epoch, and the best epoch is
/// chosen on them.
public struct ValidationImages: Hashable, Sendable, Codable {
    public var count: Int

    public init(count: Int) { self.count = count }

    /// The best epoch is chosen on the test images then, as published work mostly does.
    public static let none = ValidationImages(count: 0)
}

// Jobs that were recorded before there was a choice are as they were.
extension KeyedDecodingContainer {
    func decode(_ type: Batching.Type, forKey key: Key) throws -> Batching {
        try decodeIfPresent(type, forKey: key) ?? .plain
    }

    func decode(_ type: ValidationImages.Type, forKey key: Key) throws -> ValidationImages {
        try decodeIfPresent(type, forKey: key) ?? .none
    }
}

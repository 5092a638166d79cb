public import Foundation

/// What `judge` reads.
public struct JudgeQuestion: Hashable, Sendable, Decodable {
    public let cells: [Cell]

    public init(cells: [Cell]) { self.cells = cells }

    /// - Throws: `JudgeError.unreadable` that says where the document is wrong.
    public init(json: Data) throws(JudgeError) {
        do {
            self = try JSONDecoder().decode(JudgeQuestion.self, from: json)
        } catch let error as DecodingError {
            throw .unreadable(error.place)
        } catch {
            throw .unreadable("the input cannot be read (\(error))")
        }
    }

    /// One comparison: the values by seed with GC off and on, and what was published of each.
    public struct Cell: Hashable, Sendable {
        /// A diverged seed is NaN or infinite; `null`, `"nan"`, `"inf"` and `"-inf"` in JSON.
        public let off: [Double]
        public let on: [Double]
        public let publishedOff: PublishedFigure?
        public let publishedOn: PublishedFigure?
        public let margin: Double?
        public let higherIsBetter: Bool

        public init(
            off: [Double], on: [Double], publishedOff: PublishedFigure? = nil,
            publishedOn: PublishedFigure? = nil, margin: Double?, higherIsBetter: Bool
        ) {
            self.off = off
            self.on = on
            self.publishedOff = publishedOff
            self.publishedOn = publishedOn
            self.margin = margin
            self.higherIsBetter = higherIsBetter
        }

        func pairs() throws(JudgeError) -> SeedPairs {
            try publishedOff?.validate()
            try publishedOn?.validate()
            return try SeedPairs(
                off: off, on: on, margin: margin, higherIsBetter: higherIsBetter)
        }
    }
}

extension JudgeQuestion.Cell: Decodable {
    private enum CodingKeys: String, CodingKey {
        case off, on, margin
        case publishedOff = "published_off"
        case publishedOn = "published_on"
        case higherIsBetter = "higher_is_better"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        off = try container.decode([SeedValue].self, forKey: .off).map(\.value)
        on = try container.decode([SeedValue].self, forKey: .on).map(\.value)
        publishedOff = try container.decodeIfPresent(PublishedFigure.self, forKey: .publishedOff)
        publishedOn = try container.decodeIfPresent(PublishedFigure.self, forKey: .publishedOn)
        margin = try container.decodeIfPresent(Double.self, forKey: .margin)
        higherIsBetter =
            try container.decodeIfPresent(Bool.self, forKey: .higherIsBetter) ?? true
    }
}

/// A number, or one of the ways to say that a seed has none.
private struct SeedValue: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            value = .nan
        } else if let word = try? container.decode(String.self) {
            guard let named = Self.named[word.lowercased()] else {
                throw DecodingError.dataCorruptedError(
                    in: container, debugDescription: "\"\(word)\" is not a number")
            }
            value = named
        } else {
            value = try container.decode(Double.self)
        }
    }

    private static let named: [String: Double] = [
        "nan": .nan, "inf": .infinity, "-inf": -.infinity, "infinity": .infinity,
        "-infinity": -.infinity,
    ]
}

extension PublishedFigure {
    fileprivate func validate() throws(JudgeError) {
        if let standardDeviation, !(standardDeviation >= 0) {
            throw .badPublishedFigure("the spread \(standardDeviation)")
        }
        if let count, count < 1 { throw .badPublishedFigure("n = \(count)") }
    }
}

extension DecodingError {
    /// The path into the document and what is wrong there.
    fileprivate var place: String {
        switch self {
        case .keyNotFound(let key, let context):
            "\(Self.path(context.codingPath)) has no \"\(key.stringValue)\""
        case .typeMismatch(_, let context), .valueNotFound(_, let context),
            .dataCorrupted(let context):
            "\(Self.path(context.codingPath)): \(context.debugDescription)"
        @unknown default:
            "the input cannot be read"
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        let path = keys.reduce("") { path, key in
            if let index = key.intValue { return path + "[\(index)]" }
            return path.isEmpty ? key.stringValue : path + "." + key.stringValue
        }
        return path.isEmpty ? "the document" : path
    }
}

internal import Crypto
internal import Datasets
internal import Models
internal import Optimizers
internal import Tensors

/// What a job is known by: the digest of everything that can change its result.
public struct JobIdentifier: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The first 16 bytes of a SHA-256, as 32 hexadecimal digits.
    public let hexadecimal: String

    public var description: String { hexadecimal }

    /// Changes whenever the same spec would give other results from this code on.
    public static let codeSemanticsVersion = 2

    /// What a job's result depends on besides its specification.
    public struct Context: Hashable, Sendable {
        public let backend: String
        /// The official digest of the data, or of the manifest of data that differ from it.
        public let datasetIdentity: String
        /// The digest of pretrained weights; nil without them, or as long as they are not there.
        public let weightsDigest: String?

        public init(backend: String, datasetIdentity: String, weightsDigest: String? = nil) {
            self.backend = backend
            self.datasetIdentity = datasetIdentity
            self.weightsDigest = weightsDigest
        }
    }

    fileprivate init(digestOf text: CanonicalText) {
        let digits = StaticString("0123456789abcdef")
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for byte in SHA256.hash(data: text.bytes).prefix(16) {
            digits.withUTF8Buffer { digits in
                bytes.append(digits[Int(byte >> 4)])
                bytes.append(digits[Int(byte & 15)])
            }
        }
        hexadecimal = String(decoding: bytes, as: UTF8.self)
    }
}

extension JobSpecification {
    /// The job's identifier: every semantic field, the seed included.
    public func identifier(in context: JobIdentifier.Context) -> JobIdentifier {
        JobIdentifier(digestOf: canonicalText(in: context, isSeeded: true, isModed: true))
    }

    /// The identifier of the job's row: equal for jobs that differ in nothing but the seed.
    public func cellIdentifier(in context: JobIdentifier.Context) -> JobIdentifier {
        JobIdentifier(digestOf: canonicalText(in: context, isSeeded: false, isModed: true))
    }

    /// The identifier of the rows that are compared with each other: equal for jobs that differ in
    /// nothing but the seed and the mode of centralization.
    public func rowIdentifier(in context: JobIdentifier.Context) -> JobIdentifier {
        JobIdentifier(digestOf: canonicalText(in: context, isSeeded: false, isModed: false))
    }

    /// The canonical form, keys in alphabetical order; equal texts are equal jobs.
    public func canonicalForm(in context: JobIdentifier.Context) -> String {
        let text = canonicalText(in: context, isSeeded: true, isModed: true)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private func canonicalText(
        in context: JobIdentifier.Context, isSeeded: Bool, isModed: Bool
    ) -> CanonicalText {
        var text = CanonicalText()
        text.add("augmentation", augmentation.rawValue)
        text.add("backbone", backbone.rawValue)
        text.add("backend", context.backend)
        text.add("batch_size", batchSize)
        text.add("code", JobIdentifier.codeSemanticsVersion)
        text.add("data", context.datasetIdentity)
        text.add("dataset", dataset.name.rawValue)
        if !batching.dropsLast { text.add("drop_last", batching.dropsLast) }
        text.add("epochs", epochs)
        text.add("evaluation_batch_size", evaluationBatchSize)
        if isModed { text.add("gc", gradientCentralization.rawValue) }
        if head != .averagePooling { text.add("head", head.label) }
        text.add("initialization", initialization.rawValue)
        text.add("label_smoothing", labelSmoothing)
        add(normalization, to: &text)
        addOptimizer(to: &text, isModed: isModed)
        text.add("precision", precision.rawValue)
        add(pretrained, digest: context.weightsDigest, to: &text)
        if !quirks.isEmpty { text.add("quirks", quirks.label) }
        if batching.replicas > 1 { text.add("replicas", batching.replicas) }
        text.add("schedule", schedule.label)
        if isSeeded { text.add("seed", seed) }
        text.add("smoke", smoke)
        text.add("stem", stem.rawValue)
        if stridePlace != .threeByThree { text.add("stride_in", stridePlace.rawValue) }
        if let count = dataset.testCount { text.add("test", count) }
        text.add("threads", threads.description)
        if let count = dataset.trainCount { text.add("train", count) }
        if validation.count > 0 { text.add("validation", validation.count) }
        return text
    }

    /// Weights are known by their content, wherever they lie and in whichever format. As long as
    /// they are not there they are known by what the spec says of them.
    private func add(
        _ pretrained: PretrainedWeights?, digest: String?, to text: inout CanonicalText
    ) {
        guard let pretrained else { return }
        text.add("pretrained", digest ?? pretrained.declaredIdentity)
        if pretrained.replacesClassifier { text.add("pretrained.replace_classifier", true) }
    }

    private func add(_ normalization: Normalization, to text: inout CanonicalText) {
        switch normalization.kind {
        case .group(let groups): text.add("normalization.groups", groups)
        case .batch, .layer, .instance, .frozenBatch, .none: break
        }
        text.add("normalization.name", normalization.name.rawValue)
        if normalization.standardizesWeights {
            text.add("normalization.weight_standardization", true)
        }
    }

    /// The chain says all that an optimizer does, so that a default that is spelled out, or another
    /// convention's name for the same rule, makes the same job.
    private func addOptimizer(to text: inout CanonicalText, isModed: Bool) {
        let mode = isModed ? gradientCentralization : .none
        text.add("optimizer.chain", "\(Recipe(optimizer, mode))")
        text.add("optimizer.learning_rate", optimizer.learningRate)
        text.add("optimizer.name", optimizer.name.rawValue)
        guard !parameterGroups.isEmpty else { return }
        text.add("parameter_groups", parameterGroups.map(\.description).joined(separator: "; "))
    }
}

/// Lines of `key=value`, in which no value can imitate a line.
private struct CanonicalText {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(1_024)
    }

    mutating func add(_ key: String, _ value: String) {
        bytes.append(contentsOf: key.utf8)
        bytes.append(UInt8(ascii: "="))
        if value.utf8.contains(where: Self.isSpecial) {
            bytes.append(contentsOf: value.utf8.flatMap(Self.escaped))
        } else {
            bytes.append(contentsOf: value.utf8)
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\\")
    }

    private static func escaped(_ byte: UInt8) -> [UInt8] {
        guard isSpecial(byte) else { return [byte] }
        let letter = byte == UInt8(ascii: "\n") ? UInt8(ascii: "n") : byte
        return [UInt8(ascii: "\\"), letter]
    }

    mutating func add(_ key: String, _ value: Int) { add(key, "\(value)") }
    mutating func add(_ key: String, _ value: Bool) { add(key, "\(value)") }
    mutating func add(_ key: String, _ value: Double) { add(key, CanonicalNumber.text(value)) }
}

/// The GPUs of this machine, as a worker sees them.
public struct GPUSurvey: Hashable, Sendable, Codable {
    public struct Device: Hashable, Sendable, Codable {
        public let name: String
        public let memoryByteCount: Int
        /// What other programs leave.
        public let freeByteCount: Int

        public init(name: String, memoryByteCount: Int, freeByteCount: Int) {
            self.name = name
            self.memoryByteCount = memoryByteCount
            self.freeByteCount = freeByteCount
        }
    }

    /// A library, with its version and place, or with what is missing and what to do.
    public struct Finding: Hashable, Sendable, Codable {
        public let name: String
        public let text: String
        public let isFine: Bool

        public init(name: String, text: String, isFine: Bool) {
            self.name = name
            self.text = text
            self.isFine = isFine
        }
    }

    public let devices: [Device]
    public let libraries: [Finding]
    /// Why none can be used; nil where one can.
    public let problem: String?

    public init(devices: [Device], libraries: [Finding], problem: String?) {
        self.devices = devices
        self.libraries = libraries
        self.problem = problem
    }
}

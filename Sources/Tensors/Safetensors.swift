public enum Safetensors {
    public static func read(_ path: String) throws -> [String: HostTensor] { [:] }
    public static func write(_ t: [String: HostTensor], to path: String) throws {}
}

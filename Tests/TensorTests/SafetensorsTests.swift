import Foundation
import Tensors
import Testing

@Suite("Safetensors")
struct SafetensorsTests {
    private let example = Safetensors(
        [
            "b": HostTensor([1, -2] as [Int64], shape: [2]),
            "a\"é": HostTensor([1.5, -2] as [Float], shape: [2, 1]),
            "u": HostTensor([7] as [UInt8], shape: [1]),
            "e": HostTensor([] as [Double], shape: [0, 3]),
        ], metadata: ["k": "v\n"])

    /// What safetensors 0.8.0 for Python writes for `example`, bytes of the data apart.
    private let officialHeader =
        #"{"__metadata__":{"k":"v\n"},"b":{"dtype":"I64","shape":[2],"data_offsets":[0,16]},"#
        + #""e":{"dtype":"F64","shape":[0,3],"data_offsets":[16,16]},"#
        + #""a\"é":{"dtype":"F32","shape":[2,1],"data_offsets":[16,24]},"#
        + #""u":{"dtype":"U8","shape":[1],"data_offsets":[24,25]}}  "#

    @Test("Files are byte for byte those of the official library")
    func official() throws {
        let data: [UInt8] =
            [1, 0, 0, 0, 0, 0, 0, 0, 0xFE] + Array(repeating: 0xFF, count: 7)
            + [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0, 7]
        let file = Self.file(header: officialHeader, data: data)
        #expect(example.encoded() == file)
        #expect(try Safetensors(decoding: file) == example)
    }

    @Test("Every format survives the way to a file and back")
    func roundTrip() throws {
        let tensors = Dictionary(
            uniqueKeysWithValues: ScalarType.allCases.map { type in
                (type.rawValue, HostTensor([1, 2, 3, 4, 5, 6], shape: [2, 3]).converted(to: type))
            })
        let folder = try TemporaryFolder()
        let path = folder.path("six.safetensors")
        try Safetensors.write(tensors, metadata: ["format": "pt"], to: path)
        #expect(try Safetensors.read(path) == tensors)
        #expect(try Safetensors(path: path).metadata == ["format": "pt"])
    }

    @Test("Every tensor lies at a multiple of its element's size")
    func alignment() throws {
        let file = [UInt8](example.encoded())
        let header = Int(file[0]) + Int(file[1]) << 8
        #expect(header % 8 == 0)
        let offsets = try #require(
            try JSONSerialization.jsonObject(
                with: Data(file[8..<8 + header])) as? [String: [String: Any]])
        for (name, size) in [("b", 8), ("e", 8), ("a\"é", 4), ("u", 1)] {
            let span = try #require(offsets[name]?["data_offsets"] as? [Int])
            #expect((8 + header + span[0]) % size == 0)
        }
    }

    @Test("Half precision is widened, and takes two bytes an element")
    func half() throws {
        let header = #"{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#
        let file = Self.file(header: header, data: [0, 0x3C, 0, 0xC0])
        #expect(
            try Safetensors(decoding: file).tensors
                == ["a": HostTensor([1, -2] as [Float], shape: [2])])
        let short = Self.file(header: header.replacing("[2]", with: "[1]"), data: [0, 0, 0, 0])
        #expect(throws: SafetensorsError.Problem.self) { try Safetensors(decoding: short) }
    }

    @Test("A scalar, an empty file and names of any kind are allowed")
    func oddities() throws {
        let names = ["", " ", "\u{0}\u{1F}\u{8}\u{C}\t\r\\/", "日本", "🦀"]
        let tensors = Dictionary(
            uniqueKeysWithValues: names.map { ($0, HostTensor([0.5], shape: .scalar)) })
        #expect(try Safetensors(decoding: Safetensors(tensors).encoded()).tensors == tensors)
        #expect(try Safetensors(decoding: Safetensors([:]).encoded()).tensors.isEmpty)
        let escaped = #"{"\ud83e\udd80\u0041\/":{"dtype":"U8","shape":[],"data_offsets":[0,1]}}"#
        let file = Self.file(header: escaped, data: [9])
        #expect(try Safetensors(decoding: file).tensors.keys.first == "🦀A/")
    }

    // MARK: - Bad files

    private static let entry = #"{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#

    static let malformed: [(header: String, byteCount: Int, problem: String)] = [
        ("", 0, "header, byte 0: does not start with '{'"),
        (" {}", 0, "header, byte 0: does not start with '{'"),
        ("[]", 0, "header, byte 0: does not start with '{'"),
        ("{", 0, #"header, byte 1: expected '"'"#),
        ("{}x", 0, "header, byte 2: something follows the object"),
        ("{}\n", 0, "header, byte 2: something follows the object"),
        (#"{"a":\#(entry),}"#, 8, #"header, byte 54: expected '"'"#),
        (#"{"a":\#(entry),"a":\#(entry)}"#, 8, "'a' occurs twice in the header"),
        (#"{"a":{"dtype":"F32","dtype":"F32"}}"#, 0, "'dtype' occurs twice in the header"),
        (
            #"{"a":{"dtype":"F32","shape":[2]}}"#, 0,
            "header, byte 5: 'a' lacks dtype, shape or two data_offsets"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}"#, 8,
            "header, byte 5: 'a' lacks dtype, shape or two data_offsets"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}"#, 8,
            "header, byte 57: 'a' has an unknown key 'x'"
        ),
        (
            #"{"a":{"dtype":"I16","shape":[4],"data_offsets":[0,8]}}"#, 8,
            "'a' is of dtype I16; known are BF16, F16, F32, F64, I32, I64, U8"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"#, 8,
            "'a' takes 12 bytes, but its data_offsets are [0, 8]"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}"#, 8,
            "header, byte 29: expected a whole number"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}"#, 8,
            "header, byte 30: expected ']'"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[02],"data_offsets":[0,8]}}"#, 8,
            "header, byte 29: expected a whole number"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}"#, 8,
            "header, byte 29: expected a whole number"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[4611686018427387904,4,0],"data_offsets":[0,0]}}"#, 0,
            "'a' is larger than any memory"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 7,
            "'a' lies at 0..<8 of 7 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}"#, 8,
            "'a' lies at 8..<0 of 8 bytes"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, 9,
            "1 bytes after the last tensor belong to none"
        ),
        (
            #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}"#, 12,
            "'a' leaves a gap before it: 4, not 0"
        ),
        (
            #"{"a":\#(entry),"b":{"dtype":"U8","shape":[2],"data_offsets":[7,9]}}"#, 9,
            "'b' overlaps the tensor before it: 7, not 8"
        ),
        (#"{"__metadata__":{"k":1}}"#, 0, #"header, byte 21: expected '"'"#),
        (#"{"__metadata__":{"k":"a","k":"b"}}"#, 0, "'k' occurs twice in the header"),
        (#"{"a\x":1}"#, 0, #"header, byte 5: an unknown escape \x"#),
        (#"{"\ud800":1}"#, 0, "header, byte 8: half a surrogate pair"),
        (#"{"\u12g4":1}"#, 0, #"header, byte 4: \u without four hexadecimal digits"#),
        ("{\"a\nb\":1}", 0, "header, byte 3: a control character in a string"),
        (#"{"a"#, 0, #"header, byte 3: expected '"'"#),
    ]

    @Test(
        "What the format does not allow is refused, and the message says what and where",
        arguments: malformed)
    func refused(header: String, byteCount: Int, problem: String) {
        let file = Self.file(header: header, data: Array(repeating: 0, count: byteCount))
        let error = #expect(throws: SafetensorsError.Problem.self) {
            try Safetensors(decoding: file)
        }
        #expect(error?.description == problem)
    }

    @Test("A file that is too short or announces too long a header is refused")
    func length() {
        func problem(_ bytes: [UInt8]) -> String? {
            #expect(throws: SafetensorsError.Problem.self) {
                try Safetensors(decoding: Data(bytes))
            }?.description
        }
        #expect(problem([1, 2, 3]) == "has 3 bytes, fewer than any safetensors file")
        let announced =
            "announces a header of 3 bytes in a file of 10; it is cut off or not a safetensors file"
        #expect(problem([3, 0, 0, 0, 0, 0, 0, 0, 0x7B, 0x7D]) == announced)
        let largest = Array(repeating: 0xFF as UInt8, count: 8)
        #expect(problem(largest + [0x7B, 0x7D])?.contains("18446744073709551615") == true)
    }

    /// Oracle: whatever is accepted must be a file that says the same when written again.
    @Test("Files with random damage are refused or mean what they say")
    func damage() throws {
        var random = CounterRandom(seed: 0, stream: .test)
        let original = [UInt8](example.encoded())
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = original
            for _ in 0...random.integer(below: 3) { Self.damage(&bytes, &random) }
            do {
                let read = try Safetensors(decoding: Data(bytes))
                #expect(try Safetensors(decoding: read.encoded()) == read)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 10_000)
    }

    private static func damage(_ bytes: inout [UInt8], _ random: inout CounterRandom) {
        guard !bytes.isEmpty else { return }
        let (place, length) = (random.integer(below: bytes.count), random.integer(below: 9))
        switch random.integer(below: 5) {
        case 0: bytes[place] = UInt8(random.integer(below: 256))
        case 1: bytes[place] ^= 1 << UInt8(random.integer(below: 8))
        case 2: bytes.removeSubrange(place..<min(bytes.count, place + length))
        case 3: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + length)], at: place)
        default: bytes.removeSubrange(place...)
        }
    }

    @Test("Errors name the file")
    func paths() throws {
        let folder = try TemporaryFolder()
        let missing = folder.path("missing.safetensors")
        let read = #expect(throws: SafetensorsError.self) { try Safetensors.read(missing) }
        #expect(read?.description.hasPrefix("\(missing): cannot be read: ") == true)
        let nowhere = folder.path("no/such/folder.safetensors")
        let write = #expect(throws: SafetensorsError.self) {
            try Safetensors.write([:], to: nowhere)
        }
        #expect(write?.description.hasPrefix("\(nowhere): cannot be written: ") == true)
        let reserved = ["__metadata__": HostTensor([0.5], shape: .scalar)]
        let name = #expect(throws: SafetensorsError.self) {
            try Safetensors.write(reserved, to: folder.path("a.safetensors"))
        }
        #expect(name?.problem == .reservedName)
    }

    private static func file(header: String, data: [UInt8]) -> Data {
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) }
        return Data(length + Array(header.utf8) + data)
    }
}

/// A folder that is gone after the test.
private final class TemporaryFolder {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appending(path: name).path }
}

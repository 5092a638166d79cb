import Datasets
import Pickles
import Testing

@Suite("Pickles")
struct PickleTests {
    @Test("The same document is read from every protocol", arguments: PickleSamples.documents.keys)
    func documents(name: String) throws {
        let pickle = try Pickle(try #require(PickleSamples.documents[name]), holding: .imageArrays)
        let array = try #require(pickle.value(forKey: "data").flatMap { pickle.array($0) })
        #expect(array.shape == [2, 3])
        #expect(pickle.elements(of: array) == [0, 1, 2, 3, 4, 5])
        let labels = try #require(pickle.value(forKey: "labels").flatMap { pickle.list($0) })
        #expect(labels == [.integer(3), .integer(7)])
        #expect(pickle.value(forKey: "coarse_labels") == nil)
    }

    @Test("What would run code or build anything else is refused by name")
    func malicious() throws {
        for sample in PickleSamples.malicious {
            let error = try #require(refusal(of: sample.bytes), "\(sample.what) was read")
            #expect("\(error)".contains(sample.named), "\(sample.what): \(error)")
        }
    }

    @Test("A refusal names the offset of the instruction")
    func offset() throws {
        let error = try #require(refusal(of: PickleSamples.malicious[0].bytes))
        // pickletools: "16: c GLOBAL 'posix system'".
        #expect(error.offset == 16)
        #expect(error.reason == .forbiddenName("\"posix.system\"", vocabulary: .imageArrays))
    }

    @Test("Integers of every width are read")
    func integers() throws {
        // pickletools.dis of pickle.dumps([0, 255, 256, 65536, -1, -2**31, 2**40, -2**40, -2**63], 2)
        let bytes: [UInt8] =
            [0x80, 2, 0x5D, 0x28, 0x4B, 0, 0x4B, 255, 0x4D, 0, 1, 0x4A, 0, 0, 1, 0]
            + [0x4A, 255, 255, 255, 255, 0x4A, 0, 0, 0, 0x80, 0x8A, 6, 0, 0, 0, 0, 0, 1]
            + [0x8A, 6, 0, 0, 0, 0, 0, 0xFF, 0x8A, 8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x65, 0x2E]
        let pickle = try Pickle(bytes, holding: .imageArrays)
        let expected = [0, 255, 256, 65_536, -1, -2_147_483_648, 1 << 40, -1 << 40, Int.min]
        #expect(pickle.list(pickle.root) == expected.map { .integer($0) })
    }

    @Test("A list that is stored in the memo before it is filled is one list")
    func sharedList() throws {
        // x = []; {'a': x, 'b': x} with x filled after it was memoized.
        let bytes = Array("\u{02}}(U\u{1}a]q\u{1}(K\u{1}K\u{2}eU\u{1}bh\u{1}u.".utf8)
        let pickle = try Pickle([0x80] + bytes, holding: .imageArrays)
        #expect(pickle.value(forKey: "a") == pickle.value(forKey: "b"))
        let list = pickle.value(forKey: "b").flatMap { pickle.list($0) }
        #expect(list == [.integer(1), .integer(2)])
    }

    @Test("Lengths that the file does not have are refused before anything is allocated")
    func lengthClaims() throws {
        let claims: [[UInt8]] = [
            [0x54, 0xFF, 0xFF, 0xFF, 0x7F],
            [0x42, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x8E] + Array(repeating: 0xFF, count: 8),
            [0x96, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            [0x95, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
            [0x95] + Array(repeating: 0xFF, count: 8),
            [0x55, 1], [0x8A, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1], [],
        ]
        for claim in claims {
            #expect(refusal(of: [0x80, 4] + claim) != nil, "\(claim)")
        }
    }

    @Test("Bombs of marks, containers, values, memo and encodings end at a limit")
    func bombs() throws {
        let text = Array("X\u{10}\u{0}\u{0}\u{0}0123456789abcdefq\u{1}".utf8)
        let name = Array("c_codecs\nencode\nq\u{2}X\u{6}\u{0}\u{0}\u{0}latin1q\u{3}".utf8)
        let encode = Array("h\u{2}h\u{1}h\u{3}\u{0}R".utf8).map { $0 == 0 ? 0x86 : $0 }
        let bombs: [[UInt8]] = [
            Array(repeating: 0x28, count: 1_000),
            Array(repeating: 0x5D, count: 1 << 17),
            Array(repeating: 0x4E, count: 1 << 21),
            text + name + Array(repeating: encode, count: 1_000).flatMap { $0 },
        ]
        for bomb in bombs {
            let error = try #require(refusal(of: [0x80, 2] + bomb))
            guard case .limitExceeded = error.reason else {
                Issue.record("\(error)")
                continue
            }
        }
    }

    /// `_frombuffer(b'\0' * 4, dtype('u1'), shape, 'C')` with extents as pickled integers.
    @Test("An array has as many bytes as its shape says, and no overflow hides another number")
    func shapes() {
        func array(_ extents: [UInt8]...) -> [UInt8] {
            var program: [UInt8] = [0x80, 2]
            program += Array("cnumpy.core.numeric\n_frombuffer\n(C".utf8)
            program += [4, 0, 0, 0, 0]
            program += Array("cnumpy\ndtype\nU\u{2}u1".utf8)
            program += [0x85, 0x52, 0x28]
            for extent in extents { program += extent }
            return program + Array("tU\u{1}CtR.".utf8)
        }
        let huge: [UInt8] = [0x8A, 6, 0, 0, 0, 0, 0, 1]  // 2^40
        #expect(refusal(of: array([0x4B, 2], [0x4B, 2])) == nil)
        #expect(refusal(of: array([0x4B, 2], [0x4B, 3])) != nil)
        #expect(refusal(of: array(huge, huge, [0x4B, 4])) != nil)
        #expect(refusal(of: array([0x4B, 0], huge)) != nil)
        let negative: [UInt8] = [0x4A, 254, 255, 255, 255]
        #expect(refusal(of: array(negative, negative)) != nil)
        #expect(refusal(of: array()) != nil)
    }

    @Test(
        "Damaged structure is refused",
        arguments: [
            ".", "(.", "K\u{1}K\u{2}.", "K\u{1}.x", "(K\u{1}", "]K\u{1}K\u{2}u.", "K\u{1}a.",
            "h\u{1}.",
            "t.", "K\u{1}K\u{1}R.", "K\u{1}K\u{1}b.", "cnumpy\nndarray\n)R.", "cnumpy",
            "}(K\u{1}u.",
            "q\u{1}.", "](e(a.",
        ])
    func structure(program: String) {
        #expect(refusal(of: [0x80, 2] + Array(program.utf8)) != nil)
    }

    @Test("Protocols before 2 and after 5 are refused", arguments: [0, 1, 6, 255])
    func protocols(version: UInt8) {
        #expect(refusal(of: [0x80, version, 0x4E, 0x2E]) != nil)
        #expect(refusal(of: [0x80, 2, 0x4E, 0x2E]) == nil)
    }

    private func refusal(of bytes: [UInt8]) -> PickleError? {
        do {
            _ = try Pickle(bytes, holding: .imageArrays)
            return nil
        } catch {
            return error
        }
    }
}

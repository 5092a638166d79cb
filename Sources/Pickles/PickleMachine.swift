/// The stack machine that a pickle is a program for, restricted to what builds plain data.
struct PickleMachine {
    let vocabulary: PickleVocabulary
    private var input: PickleInput
    private var stack: [Pickle.Value] = []
    private var marks: [Int] = []
    private var memo: [Int: Pickle.Value] = [:]
    private var containedValueCount = 0
    private(set) var objects: [Pickle.Object] = []
    /// How many bytes `_codecs.encode` has made.
    private var encodedByteCount = 0

    init(_ bytes: [UInt8], vocabulary: PickleVocabulary) {
        self.vocabulary = vocabulary
        input = PickleInput(bytes)
    }

    /// Carries out the whole program and returns what is left on the stack.
    mutating func run() throws(PickleError) -> Pickle.Value {
        while true {
            let byte = try input.opcode()
            guard let opcode = PickleOpcode(rawValue: byte), vocabulary.allows(opcode) else {
                throw refusal(of: byte)
            }
            if opcode == .stop { return try result() }
            try execute(opcode)
            try checkLimits()
        }
    }

    private mutating func result() throws(PickleError) -> Pickle.Value {
        let value = try pop()
        guard stack.isEmpty, marks.isEmpty else {
            throw error(.malformed("values are left over at its end"))
        }
        guard input.remainingCount == 0 else {
            throw error(.trailingBytes(input.remainingCount))
        }
        return value
    }

    private func checkLimits() throws(PickleError) {
        if objects.count > vocabulary.largestObjectCount {
            throw error(
                .limitExceeded("it has more than \(vocabulary.largestObjectCount) containers"))
        }
        if stack.count + containedValueCount + memo.count > vocabulary.largestValueCount {
            throw error(
                .limitExceeded("it has more than \(vocabulary.largestValueCount) values"))
        }
        if marks.count > vocabulary.largestDepth {
            throw error(
                .limitExceeded("it is nested deeper than \(vocabulary.largestDepth)"))
        }
    }

    func error(_ reason: PickleError.Reason) -> PickleError {
        input.error(reason)
    }
}

// MARK: - Instructions

extension PickleMachine {
    private mutating func execute(_ opcode: PickleOpcode) throws(PickleError) {
        switch opcode {
        case .proto: try checkProtocol()
        case .frame: try checkFrame()
        case .stop: break
        case .mark: marks.append(stack.count)
        case .none: stack.append(.none)
        case .newTrue: stack.append(.boolean(true))
        case .newFalse: stack.append(.boolean(false))
        case .binInt:
            stack.append(.integer(Int(Int32(truncatingIfNeeded: try input.number(byteCount: 4)))))
        case .binInt1: stack.append(.integer(try input.number(byteCount: 1)))
        case .binInt2: stack.append(.integer(try input.number(byteCount: 2)))
        case .long1: stack.append(.integer(try input.long()))
        case .binFloat: stack.append(.real(try input.real()))
        case .shortBinString, .shortBinBytes: stack.append(.bytes(try input.counted(byteCount: 1)))
        case .binString, .binBytes: stack.append(.bytes(try input.counted(byteCount: 4)))
        case .binBytes8, .byteArray8: stack.append(.bytes(try input.counted(byteCount: 8)))
        case .shortBinUnicode: stack.append(.text(try input.counted(byteCount: 1)))
        case .binUnicode: stack.append(.text(try input.counted(byteCount: 4)))
        case .binUnicode8: stack.append(.text(try input.counted(byteCount: 8)))
        case .emptyTuple: push(.tuple([]))
        case .tuple: push(.tuple(try popToMark()))
        case .tuple1: push(.tuple(try pop(count: 1)))
        case .tuple2: push(.tuple(try pop(count: 2)))
        case .tuple3: push(.tuple(try pop(count: 3)))
        case .emptyList: push(.list([]))
        case .append: try append(pop(count: 1))
        case .appends: try append(popToMark())
        case .emptyDict: push(.dictionary(keys: [], values: []))
        case .setItem: try insert(pop(count: 2))
        case .setItems: try insert(popToMark())
        case .binPut: memo[try input.number(byteCount: 1)] = try top()
        case .longBinPut: memo[try input.number(byteCount: 4)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: stack.append(try recall(input.number(byteCount: 1)))
        case .longBinGet: stack.append(try recall(input.number(byteCount: 4)))
        case .global: stack.append(try named(module: input.line(), attribute: input.line()))
        case .stackGlobal: try nameFromStack()
        case .reduce: try call()
        case .build: try build()
        case .binPersistentId:
            let identifier = try pop()
            push(try PickleTorch(self).storage(identifier: identifier))
        }
    }

    private mutating func checkProtocol() throws(PickleError) {
        let version = try input.number(byteCount: 1)
        guard (2...5).contains(version) else {
            throw error(.malformed("protocol \(version) is none of 2 to 5"))
        }
    }

    /// Frames only help to read ahead; that they do not reach beyond the file is all that matters.
    private mutating func checkFrame() throws(PickleError) {
        let byteCount = try input.number(byteCount: 8)
        guard (0...input.remainingCount).contains(byteCount) else {
            throw error(.truncated(needed: byteCount, available: input.remainingCount))
        }
    }

    private mutating func append(_ values: [Pickle.Value]) throws(PickleError) {
        guard case .object(let index) = try top(), case .list(var elements) = objects[index] else {
            throw error(.malformed("it appends to something that is no list"))
        }
        objects[index] = .list([])  // so that the elements have one owner and grow in place
        elements += values
        objects[index] = .list(elements)
        containedValueCount += values.count
    }

    private mutating func insert(_ items: [Pickle.Value]) throws(PickleError) {
        guard case .object(let index) = try top(),
            case .dictionary(var keys, var values) = objects[index], items.count.isMultiple(of: 2)
        else { throw error(.malformed("it sets items of something that is no dictionary")) }
        objects[index] = .dictionary(keys: [], values: [])
        for pair in stride(from: 0, to: items.count, by: 2) {
            keys.append(items[pair])
            values.append(items[pair + 1])
        }
        objects[index] = .dictionary(keys: keys, values: values)
        containedValueCount += items.count
    }

    private func recall(_ index: Int) throws(PickleError) -> Pickle.Value {
        guard let value = memo[index] else {
            throw error(.malformed("memo \(index) was never stored"))
        }
        return value
    }
}

// MARK: - Names

extension PickleMachine {
    private mutating func nameFromStack() throws(PickleError) {
        let names = try pop(count: 2)
        guard case .text(let module) = names[0], case .text(let attribute) = names[1] else {
            throw error(.malformed("a name is no text"))
        }
        stack.append(try named(module: input.text(module), attribute: input.text(attribute)))
    }

    private func named(module: String, attribute: String) throws(PickleError) -> Pickle.Value {
        guard let callable = PickleCallable(module: module, attribute: attribute),
            vocabulary.allows(callable)
        else { throw forbidden(module, attribute) }
        return .callable(.init(callable: callable))
    }

    private func forbidden(_ module: String, _ attribute: String) -> PickleError {
        let name = String("\(module).\(attribute)".prefix(200)).debugDescription
        return error(.forbiddenName(name, vocabulary: vocabulary))
    }

    /// Names what `INST`, a protocol 0 instruction, would have made.
    private mutating func refusal(of byte: UInt8) -> PickleError {
        if byte == UInt8(ascii: "i"), let module = try? input.line(),
            let attribute = try? input.line()
        {
            return forbidden(module, attribute)
        }
        return error(.forbiddenOpcode(byte))
    }
}

// MARK: - Calls

extension PickleMachine {
    private mutating func call() throws(PickleError) {
        let operands = try pop(count: 2)
        guard case .callable(let name) = operands[0], let arguments = tuple(operands[1]) else {
            throw error(.malformed("it calls something that is no function"))
        }
        switch name.callable {
        case .reconstruct: push(try PickleNumPy(self).emptyArray(arguments))
        case .dtype: push(try PickleNumPy(self).elementType(arguments))
        case .fromBuffer: push(try PickleNumPy(self).array(fromBuffer: arguments))
        case .encode: try encode(arguments)
        case .arrayClass: throw error(.forbiddenCall("it calls numpy.ndarray itself"))
        case .orderedDictionary:
            guard arguments.isEmpty else {
                throw error(.forbiddenCall("an OrderedDict is made from something"))
            }
            push(.dictionary(keys: [], values: []))
        case .rebuildTensor: push(try PickleTorch(self).tensor(arguments))
        case .rebuildParameter: stack.append(try PickleTorch(self).parameter(arguments))
        case .size, .device: push(.tuple(arguments))
        case .storage, .scalarFormat:
            throw error(.forbiddenCall("it calls the name of a number format"))
        }
    }

    private mutating func build() throws(PickleError) {
        let operand = try pop()
        guard case .object(let index) = try top() else {
            throw error(.malformed("it builds something that has no state"))
        }
        if try isIgnoredState(operand, of: index) { return }
        guard let state = tuple(operand) else {
            throw error(.malformed("it builds something that has no state"))
        }
        switch objects[index] {
        case .elementType: try PickleNumPy(self).checkElementType(state)
        case .array(.none): objects[index] = try PickleNumPy(self).array(state: state)
        case .array(.some): throw error(.malformed("it fills an array twice"))
        case .list, .tuple, .dictionary, .bytes, .storage, .tensor:
            throw error(.malformed("it builds something that has no state"))
        }
    }

    /// PyTorch keeps the versions of modules as an attribute of the dictionary of their tensors;
    /// nothing depends on it.
    private func isIgnoredState(_ state: Pickle.Value, of index: Int) throws(PickleError) -> Bool {
        guard vocabulary == .tensors, case .dictionary = objects[index] else { return false }
        guard case .object(let number) = state, case .dictionary = objects[number] else {
            throw error(.malformed("a dictionary's attributes are no dictionary"))
        }
        return true
    }

    /// `_codecs.encode(text, 'latin1')`: each character is one byte. A text is encoded at most once
    /// by an honest writer, so all results together are no longer than the file.
    private mutating func encode(_ arguments: [Pickle.Value]) throws(PickleError) {
        guard arguments.count == 2, case .text(let range) = arguments[0],
            string(arguments[1]).map({ $0 == "latin1" || $0 == "latin-1" }) ?? false
        else { throw error(.forbiddenCall("_codecs.encode of something else than latin1 text")) }
        encodedByteCount += range.count
        guard encodedByteCount <= input.bytes.count else {
            throw error(.limitExceeded("it encodes more text than it holds"))
        }
        var encoded: [UInt8] = []
        for scalar in try input.text(range).unicodeScalars {
            guard let byte = UInt8(exactly: scalar.value) else {
                throw error(.forbiddenCall("_codecs.encode of something else than latin1 text"))
            }
            encoded.append(byte)
        }
        push(.bytes(encoded))
    }
}

// MARK: - The stack

extension PickleMachine {
    private mutating func push(_ object: Pickle.Object) {
        if case .tuple(let elements) = object { containedValueCount += elements.count }
        objects.append(object)
        stack.append(.object(objects.count - 1))
    }

    private func top() throws(PickleError) -> Pickle.Value {
        guard let value = stack.last, stack.count > (marks.last ?? 0) else {
            throw error(.malformed("the stack is empty"))
        }
        return value
    }

    private mutating func pop() throws(PickleError) -> Pickle.Value {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(count: Int) throws(PickleError) -> [Pickle.Value] {
        guard stack.count - (marks.last ?? 0) >= count else {
            throw error(.malformed("the stack is empty"))
        }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(PickleError) -> [Pickle.Value] {
        guard let mark = marks.popLast() else { throw error(.malformed("there is no mark")) }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    func tuple(_ value: Pickle.Value) -> [Pickle.Value]? {
        guard case .object(let index) = value, case .tuple(let elements) = objects[index] else {
            return nil
        }
        return elements
    }

    /// The bytes of a text or of bytes as a string; nil when they are no UTF-8 or very long.
    func string(_ value: Pickle.Value) -> String? {
        switch value {
        case .text(let range), .bytes(let range):
            range.count < 64 ? String(validating: input.bytes[range], as: UTF8.self) : nil
        case .none, .boolean, .integer, .real, .object, .callable: nil
        }
    }

    func storage(_ value: Pickle.Value) -> Pickle.Storage? {
        guard case .object(let index) = value, case .storage(let storage) = objects[index] else {
            return nil
        }
        return storage
    }

    func isTensor(_ value: Pickle.Value) -> Bool {
        guard case .object(let index) = value, case .tensor = objects[index] else { return false }
        return true
    }

    /// How many bytes a value holds; nil when it is no bytes.
    func byteCount(_ value: Pickle.Value) -> Int? {
        switch value {
        case .bytes(let range): range.count
        case .object(let index):
            if case .bytes(let bytes) = objects[index] { bytes.count } else { nil }
        case .none, .boolean, .integer, .real, .text, .callable: nil
        }
    }

    func isElementType(_ value: Pickle.Value) -> Bool {
        guard case .object(let index) = value else { return false }
        return objects[index] == .elementType
    }
}

/// What numpy's functions would have done with the arguments that a pickle gives them, for arrays
/// of unsigned bytes; everything else is refused.
struct PickleNumPy {
    private let machine: PickleMachine

    init(_ machine: PickleMachine) { self.machine = machine }

    /// `_reconstruct(ndarray, (0,), b'b')`: an array to be filled.
    func emptyArray(_ arguments: [Pickle.Value]) throws(PickleError) -> Pickle.Object {
        guard arguments.count == 3,
            arguments[0] == .callable(.init(callable: .arrayClass)),
            machine.tuple(arguments[1]) == [.integer(0)]
        else { throw refusal("numpy's _reconstruct of something else than an array") }
        return .array(nil)
    }

    /// `dtype('u1', …)`.
    func elementType(_ arguments: [Pickle.Value]) throws(PickleError) -> Pickle.Object {
        let code = arguments.first.flatMap { machine.string($0) }
        guard let code, ["u1", "|u1", "uint8"].contains(code) else {
            let name = (code ?? "of an unreadable code").debugDescription
            throw refusal("a numpy array has elements \(name), and only 'u1' is read")
        }
        return .elementType
    }

    /// `(3, '|', None, None, None, -1, -1, 0)`: a plain element without byte order, subarray,
    /// field names or fields.
    func checkElementType(_ state: [Pickle.Value]) throws(PickleError) {
        guard state.count == 8, machine.string(state[1]) == "|",
            state[2..<5].allSatisfy({ $0 == .none })
        else { throw refusal("a numpy element is more than a plain byte") }
    }

    /// `(version, shape, dtype, is column-major, bytes)`: the state of an array.
    func array(state: [Pickle.Value]) throws(PickleError) -> Pickle.Object {
        guard state.count == 5, case .boolean(let isColumnMajor) = state[3] else {
            throw refusal("the state of a numpy array has another form")
        }
        return try array(
            bytes: state[4], elementType: state[2], shape: state[1], isColumnMajor: isColumnMajor)
    }

    /// `_frombuffer(bytes, dtype, shape, 'C' or 'F')`.
    func array(fromBuffer arguments: [Pickle.Value]) throws(PickleError) -> Pickle.Object {
        guard arguments.count >= 4, let order = machine.string(arguments[3]),
            ["C", "F"].contains(order)
        else { throw refusal("numpy's _frombuffer has other arguments") }
        return try array(
            bytes: arguments[0], elementType: arguments[1], shape: arguments[2],
            isColumnMajor: order == "F")
    }

    private func array(
        bytes: Pickle.Value, elementType: Pickle.Value, shape: Pickle.Value, isColumnMajor: Bool
    ) throws(PickleError) -> Pickle.Object {
        guard machine.isElementType(elementType) else {
            throw refusal("a numpy array has elements that are no bytes")
        }
        let shape = try extents(shape)
        guard let byteCount = machine.byteCount(bytes), byteCount == shape.reduce(1, *) else {
            throw refusal("a numpy array of shape \(shape) has another number of bytes")
        }
        guard !isColumnMajor || shape.count <= 2 else {
            throw refusal("a column-major array has more than two extents")
        }
        return .array(
            Pickle.Array(shape: shape, isColumnMajor: isColumnMajor, storage: bytes))
    }

    /// Positive extents whose product fits into an `Int`.
    private func extents(_ value: Pickle.Value) throws(PickleError) -> [Int] {
        guard let values = machine.tuple(value), (1...8).contains(values.count) else {
            throw refusal("a numpy array has no plain shape")
        }
        var extents: [Int] = []
        var count = 1
        for value in values {
            guard case .integer(let extent) = value, extent > 0 else {
                throw refusal("a numpy array has an extent that is not positive")
            }
            let (product, overflows) = count.multipliedReportingOverflow(by: extent)
            guard !overflows else { throw refusal("a numpy array is too large") }
            extents.append(extent)
            count = product
        }
        return extents
    }

    private func refusal(_ what: String) -> PickleError { machine.error(.forbiddenCall(what)) }
}

/// What PyTorch's functions would have done with the arguments that a pickle gives them, for dense
/// tensors; everything else is refused.
///
/// *Reference:* PyTorch, `torch/serialization.py` (`persistent_id`) and `torch/_utils.py`.
struct PickleTorch {
    private let machine: PickleMachine

    init(_ machine: PickleMachine) { self.machine = machine }

    /// `('storage', torch.FloatStorage, key, location, count)`.
    func storage(identifier: Pickle.Value) throws(PickleError) -> Pickle.Object {
        guard let parts = machine.tuple(identifier), parts.count == 5,
            machine.string(parts[0]) == "storage", case .callable(let name) = parts[1],
            case .storage(let element) = name.callable, let key = machine.string(parts[2]),
            case .integer(let count) = parts[4], count >= 0,
            count <= Int.max / element.byteCount
        else { throw refusal("it names something outside of it that is no plain storage") }
        return .storage(Pickle.Storage(key: key, element: element, count: count))
    }

    /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, hooks[, metadata])`.
    func tensor(_ arguments: [Pickle.Value]) throws(PickleError) -> Pickle.Object {
        guard (6...7).contains(arguments.count), let storage = machine.storage(arguments[0]),
            case .integer(let offset) = arguments[1], offset >= 0,
            let shape = naturals(arguments[2]), let strides = naturals(arguments[3]),
            shape.count == strides.count
        else { throw refusal("a tensor is no plain view of a storage") }
        guard let end = Self.end(offset: offset, shape: shape, strides: strides),
            end <= storage.count
        else { throw refusal("a tensor of shape \(shape) reaches beyond its storage") }
        return .tensor(
            Pickle.Tensor(storage: storage, offset: offset, shape: shape, strides: strides))
    }

    /// `_rebuild_parameter(tensor, requires_grad, hooks)`.
    func parameter(_ arguments: [Pickle.Value]) throws(PickleError) -> Pickle.Value {
        guard arguments.count == 3, machine.isTensor(arguments[0]) else {
            throw refusal("a parameter is made from something that is no tensor")
        }
        return arguments[0]
    }

    /// One more than the largest place that a view reads; nil beyond 64 bits.
    private static func end(offset: Int, shape: [Int], strides: [Int]) -> Int? {
        if shape.contains(0) { return offset }
        var last = offset
        for (extent, stride) in zip(shape, strides) {
            let (reach, isTooFar) = (extent - 1).multipliedReportingOverflow(by: stride)
            let (sum, overflows) = last.addingReportingOverflow(reach)
            if isTooFar || overflows { return nil }
            last = sum
        }
        return last == .max ? nil : last + 1
    }

    /// A tuple of at most eight integers from 0 on.
    private func naturals(_ value: Pickle.Value) -> [Int]? {
        guard let values = machine.tuple(value), values.count <= 8 else { return nil }
        let numbers = values.compactMap { value -> Int? in
            if case .integer(let number) = value, number >= 0 { number } else { nil }
        }
        return numbers.count == values.count ? numbers : nil
    }

    private func refusal(_ what: String) -> PickleError { machine.error(.forbiddenCall(what)) }
}

import Pickles

/// The pickle of a PyTorch file alone: every tensor of it lies inside its storage.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    guard let pickle = try? Pickle(input, holding: .tensors) else { return 0 }
    for (_, value) in pickle.entries(pickle.root) ?? [] {
        guard let tensor = pickle.tensor(value), !tensor.shape.contains(0) else { continue }
        let last = zip(tensor.shape, tensor.strides).reduce(tensor.offset) {
            $0 + ($1.0 - 1) * $1.1
        }
        precondition((0..<tensor.storage.count).contains(last))
    }
    return 0
}

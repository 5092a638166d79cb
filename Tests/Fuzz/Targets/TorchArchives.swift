import Weights

/// Whole PyTorch files, without checksums, which would keep mutations from getting further.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    _ = try? WeightsFile(decoding: input, path: "", checking: .ignored)
    return 0
}

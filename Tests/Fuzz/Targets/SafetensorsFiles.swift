import Foundation
import Tensors

/// Whole safetensors files: what is read is written and read again as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Data(UnsafeBufferPointer(start: data, count: count))
    guard let file = try? Safetensors(decoding: input) else { return 0 }
    precondition((try? Safetensors(decoding: file.encoded())) == file)
    return 0
}

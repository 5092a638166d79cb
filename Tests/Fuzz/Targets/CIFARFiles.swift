import Datasets

/// CIFAR's binary and pickled files: the first byte says which of them the others are.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: data, count: count))
    guard let first = input.first else { return 0 }
    let (bytes, variant) = (
        Array(input.dropFirst()), first & 1 == 0 ? CIFARVariant.cifar10 : .cifar100
    )
    var rows = CIFARRows()
    if first & 2 == 0 {
        try? CIFARPickle.read(bytes, path: "", variant: variant, into: &rows)
    } else {
        try? CIFARBinary.read(bytes, path: "", variant: variant, into: &rows)
    }
    precondition(rows.labels.allSatisfy { $0 < (variant == .cifar10 ? 10 : 100) })
    return 0
}

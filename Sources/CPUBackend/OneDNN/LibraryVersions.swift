import CKernels
import COneDNN
import COpenBLAS

/// The libraries this process runs on, for `doctor` and the records.
public enum LibraryVersions {
    /// Of the oneDNN that is loaded, such as `2.6.3`.
    public static var oneDNN: String { text(Int(gcb_dnn_library_version())) }

    /// Of the oneDNN that this was built against.
    public static var oneDNNHeaders: String { text(Int(gcb_dnn_header_version())) }

    /// What OpenBLAS says of itself, such as `OpenBLAS 0.3.21 …`.
    public static var openBLAS: String {
        openblas_get_config().map { String(cString: $0) } ?? "unknown"
    }

    /// The processor OpenBLAS takes this machine for; `OPENBLAS_CORETYPE` overrides it.
    public static var openBLASCore: String {
        openblas_get_corename().map { String(cString: $0) } ?? "unknown"
    }

    /// The instruction set of our own kernels, and their revision.
    public static var kernels: String { "\(instructionSet), revision \(kernelRevision)" }

    /// Counts the changes after which a job is rounded otherwise than before: a checkpoint of
    /// another revision is not gone on from.
    private static let kernelRevision = 2

    private static var instructionSet: String {
        switch gcb_selected_isa() {
        case gcb_isa_avx512_bf16: "AVX-512 with bfloat16"
        case gcb_isa_avx512: "AVX-512"
        case gcb_isa_avx2: "AVX2"
        default: "baseline"
        }
    }

    private static func text(_ number: Int) -> String {
        "\(number / 10_000).\(number / 100 % 100).\(number % 100)"
    }
}

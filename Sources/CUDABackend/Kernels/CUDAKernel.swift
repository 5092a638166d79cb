import Graphs

/// An instruction ready to run.
///
/// A class because it owns plans of libraries and keeps the device alive.
public final class CUDAKernel {
    typealias Body = () throws(CUDAFailure) -> Void

    private let body: Body
    let scope: String
    /// What will run, where there was a choice.
    public let implementation: String?

    init(scope: String, implementation: String? = nil, _ body: @escaping Body) {
        self.scope = scope
        self.implementation = implementation
        self.body = body
    }

    /// Does nothing: an earlier kernel has done what the instruction asks for.
    init(joining instruction: Instruction) {
        scope = instruction.scope
        implementation = "joined"
        body = {}
    }

    func run() throws(CUDAFailure) { try body() }
}

import COneDNN
import Graphs

/// oneDNN's engine for this processor, made once and kept.
///
/// `@unchecked Sendable`: the handles are immutable after `init`, and oneDNN allows any number of
/// threads to create descriptors on one engine.
final class OneDNN: @unchecked Sendable {
    let engine: dnnl_engine_t
    /// Scratch memory comes from the plan's arena, not from the library.
    let attributes: dnnl_primitive_attr_t
    private let epilogues: [Epilogue: dnnl_primitive_attr_t]

    private static let result: Result<OneDNN, OneDNNFailure> = Result {
        () throws(OneDNNFailure) in try OneDNN()
    }

    /// The one instance.
    static func shared() throws(OneDNNFailure) -> OneDNN { try result.get() }

    private init() throws(OneDNNFailure) {
        guard gcb_dnn_versions_match() else {
            throw OneDNNFailure(
                action: "start",
                reason: "the library is version \(LibraryVersions.oneDNN), "
                    + "the headers of the build \(LibraryVersions.oneDNNHeaders); "
                    + "remove one of the two installations and build again")
        }
        engine = try OneDNNFailure.check("create an engine") {
            dnnl_engine_create($0, dnnl_cpu, 0)
        }
        var epilogues: [Epilogue: dnnl_primitive_attr_t] = [:]
        for (adds, rectifies) in [(false, false), (false, true), (true, false), (true, true)] {
            epilogues[Epilogue(addsResidual: adds, appliesRelu: rectifies)] =
                try OneDNNFailure.check("create attributes") {
                    gcb_dnn_attributes_create($0, adds, rectifies)
                }
        }
        self.epilogues = epilogues
        attributes = try Self.attributes(for: .none, in: epilogues)
    }

    /// Attributes of a primitive with an epilogue, which reads the residual from the result's
    /// memory.
    func attributes(for epilogue: Epilogue) throws(OneDNNFailure) -> dnnl_primitive_attr_t {
        try Self.attributes(for: epilogue, in: epilogues)
    }

    private static func attributes(
        for epilogue: Epilogue, in epilogues: [Epilogue: dnnl_primitive_attr_t]
    ) throws(OneDNNFailure) -> dnnl_primitive_attr_t {
        guard let attributes = epilogues[epilogue] else {
            throw OneDNNFailure(action: "fuse \(epilogue)", reason: "no attributes")
        }
        return attributes
    }
}

/// A queue of primitives; each backend has its own.
///
/// A class because it owns a handle that kernels share.
final class OneDNNStream {
    let handle: dnnl_stream_t

    init(on library: OneDNN) throws(OneDNNFailure) {
        handle = try OneDNNFailure.check("create a stream") {
            dnnl_stream_create($0, library.engine, dnnl_stream_default_flags.rawValue)
        }
    }

    deinit { dnnl_stream_destroy(handle) }
}

/// A call to oneDNN that failed; the caller knows the scope.
struct OneDNNFailure: Error {
    let action: String
    let reason: String

    /// Makes an object through a C function that writes a handle.
    static func check<Handle>(
        _ action: String, _ make: (UnsafeMutablePointer<Handle?>) -> dnnl_status_t
    ) throws(OneDNNFailure) -> Handle {
        var handle: Handle?
        let status = make(&handle)
        guard status == dnnl_success, let handle else {
            throw OneDNNFailure(action: action, status: status)
        }
        return handle
    }

    init(action: String, reason: String) {
        self.action = action
        self.reason = reason
    }

    init(action: String, status: dnnl_status_t) {
        self.init(
            action: action, reason: dnnl_status2str(status).map { String(cString: $0) } ?? "")
    }

    func backendError(scope: String) -> BackendError {
        BackendError(library: "oneDNN", action: action, status: reason, scope: scope)
    }

    func planningError(scope: String, advice: String = "") -> PlanningError {
        PlanningError(scope: scope, "oneDNN could not \(action): \(reason)\(advice)")
    }
}

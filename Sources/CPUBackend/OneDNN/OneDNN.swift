import COneDNN
import Graphs

/// oneDNN's engine and stream for this processor, made once and kept.
///
/// `@unchecked Sendable`: both handles are immutable after `init`; oneDNN allows creating
/// descriptors on one engine from several threads, and only a backend's one thread uses the stream.
final class OneDNN: @unchecked Sendable {
    let engine: dnnl_engine_t
    let stream: dnnl_stream_t
    /// Scratch memory comes from the plan's arena, not from the library.
    let attributes: dnnl_primitive_attr_t

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
        let engine = engine
        stream = try OneDNNFailure.check("create a stream") {
            dnnl_stream_create($0, engine, dnnl_stream_default_flags.rawValue)
        }
        attributes = try OneDNNFailure.check("create attributes") {
            gcb_dnn_attributes_create($0)
        }
    }
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

    func planningError(scope: String) -> PlanningError {
        PlanningError(scope: scope, "oneDNN could not \(action): \(reason)")
    }
}

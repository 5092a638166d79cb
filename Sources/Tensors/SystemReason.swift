import Foundation

extension Error {
    /// Why something failed, in the system's own words where it has any, such as "No such file or
    /// directory"; Foundation's say little on Linux.
    package var systemReason: String {
        let error = self as NSError
        let cause = (error.userInfo[NSUnderlyingErrorKey] as? NSError) ?? error
        if cause.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cause.code))) }
        switch (self as? CocoaError)?.code {
        case .fileNoSuchFile, .fileReadNoSuchFile: return String(cString: strerror(ENOENT))
        default:
            return error.localizedDescription.trimmingCharacters(in: CharacterSet(charactersIn: "."))
        }
    }
}

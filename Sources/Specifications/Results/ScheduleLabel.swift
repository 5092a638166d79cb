internal import Optimizers

extension Schedule {
    /// The schedule with its constants, such as `step 60×0.1`: equal texts are equal schedules.
    var label: String {
        let pace = unit == decay.name.unit ? "" : " per \(unit.rawValue)"
        return decay.label + pace + (warmUp.map { ", \($0.label)" } ?? "")
    }
}

extension Schedule.WarmUp {
    fileprivate var label: String {
        "warm-up \(CanonicalNumber.text(length))\(unit == .epoch ? "" : " iterations") from "
            + CanonicalNumber.text(start) + (pace == .iteration ? "" : " per epoch")
    }
}

extension Schedule.Decay {
    fileprivate var label: String {
        switch self {
        case .constant: "constant"
        case .step(let every, let factor): "step \(every)×\(CanonicalNumber.text(factor))"
        case .milestones(let epochs, let factor):
            "milestones \(epochs.map { "\($0)" }.joined(separator: "/"))×"
                + CanonicalNumber.text(factor)
        case .cosine(let final): "cosine to \(CanonicalNumber.text(final))"
        case .polynomial(let power, let final):
            "polynomial ^\(CanonicalNumber.text(power)) to \(CanonicalNumber.text(final))"
        case .oneCycle(let rise, let start, let final):
            "one cycle from \(CanonicalNumber.text(start)), up over \(CanonicalNumber.text(rise))"
                + ", to \(CanonicalNumber.text(final))"
        }
    }
}

/// Why values cannot be judged.
public enum JudgeError: Error, Hashable, Sendable, CustomStringConvertible {
    case unpaired(off: Int, on: Int)
    case badMargin(Double)
    case badPublishedFigure(String)
    /// One of several cells, counted from 0.
    indirect case inCell(Int, JudgeError)
    /// The document is not what `judge` reads.
    case unreadable(String)

    public var description: String {
        switch self {
        case .unpaired(let off, let on):
            """
            the arms are paired by seed, but "off" has \(off) values and "on" has \(on); \
            write null for a seed that diverged
            """
        case .badMargin(let margin):
            "\"margin\" is \(margin); the margin of equivalence is a positive finite number"
        case .badPublishedFigure(let what):
            "a published figure has \(what); give \"mean\", and \"std\" with \"n\" or null"
        case .inCell(let index, let error):
            "cells[\(index)]: \(error)"
        case .unreadable(let what):
            """
            \(what); expected {"cells": [{"off": [number], "on": [number], \
            "published_off": {"mean", "std", "n"} or null, "published_on": the same, \
            "margin": number, "higher_is_better": true or false}]}
            """
        }
    }
}

extension UpdateProgram {
    /// The results that may lie where an operand lies: no instruction after the one that computes
    /// the result reads that operand.
    var inPlace: [Requirement.InPlace] {
        results.enumerated().flatMap { result, register in
            let later = instructions[(register + 1)...].flatMap(\.sources)
            return (0..<tensorCount).filter { !later.contains(.operand($0)) }
                .map { Requirement.InPlace(result: result, operand: $0) }
        }
    }
}

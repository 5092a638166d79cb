extension Plan: CustomStringConvertible {
    /// The plan as text, one instruction a line: what tests snapshot and people read.
    public var description: String {
        let header = """
            plan for \(targetName), \(precision.rawValue)
            arena \(arenaByteCount) bytes, variables \(variables.byteCount) bytes
            """
        let boundary =
            inputs.map { "input \($0.name) \(text($0.region))" }
            + outputs.map { "output \($0.name) \(text($0.region))" }
        let lines = instructions.enumerated().map { index, instruction in
            "\(index) \(text(instruction))"
        }
        return ([header] + boundary + lines).joined(separator: "\n") + "\n"
    }

    private func text(_ instruction: Instruction) -> String {
        let workspace =
            instruction.workspace.isEmpty ? "" : " workspace \(instruction.workspace.count)"
        let scope = instruction.scope.isEmpty ? "" : "  (\(instruction.scope))"
        return
            "\(instruction.operation.rule.name): \(list(instruction.operands))"
            + " -> \(list(instruction.results))\(workspace)"
            + (instruction.implementation.map { " by \($0)" } ?? "") + scope
    }

    private func list(_ regions: [Region]) -> String {
        regions.map(text).joined(separator: ", ")
    }

    private func text(_ region: Region) -> String {
        "\(region.spec) \(region.layout) @\(region.offset)"
    }
}

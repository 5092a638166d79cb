import Graphs

extension GraphBuilder {
    /// w − rate·d
    func descended(_ w: Value, _ d: Value, _ rate: Value) throws(ShapeError) -> Value {
        var program = UpdateWriter()
        let result = program.sum(1, program.tensor(w), .init(-1, rate), program.tensor(d))
        return try program.apply(returning: [result], in: self)[0]
    }
}

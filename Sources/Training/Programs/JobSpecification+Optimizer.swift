public import Optimizers
public import Specifications

extension JobSpecification {
    /// Which recipe each parameter is trained by.
    public var optimizers: OptimizerAssignment {
        OptimizerAssignment(optimizer, gradientCentralization, groups: parameterGroupsInEffect)
    }

    /// The rate of the update at `progress`.
    public func learningRate(at progress: ScheduleProgress) -> Double {
        optimizer.learningRate * schedule.factor(at: progress)
    }
}

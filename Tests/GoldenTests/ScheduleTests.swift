import Optimizers
import Tensors
import Testing

@Suite("Schedules")
struct ScheduleTests {
    private func factor(_ schedule: Schedule, epoch: Double, of epochs: Int, by steps: Int = 100)
        -> Double
    {
        schedule.factor(
            at: ScheduleProgress(
                step: Int((epoch * Double(steps)).rounded()), stepsPerEpoch: steps, epochs: epochs))
    }

    @Test("Steps and milestones come at whole epochs")
    func steps() {
        let step = Schedule(.step(every: 60, factor: 0.1))
        #expect(factor(step, epoch: 59.99, of: 200) == 1)
        #expect(abs(factor(step, epoch: 60, of: 200) - 0.1) < 1e-15)
        #expect(abs(factor(step, epoch: 180, of: 200) - 1e-3) < 1e-15)
        let milestones = Schedule(.milestones([50, 80], factor: 0.1))
        #expect(factor(milestones, epoch: 49.99, of: 100) == 1)
        #expect(abs(factor(milestones, epoch: 80, of: 100) - 0.01) < 1e-15)
    }

    @Test("Steps may be counted in iterations")
    func iterations() {
        let step = Schedule(.step(every: 150, factor: 0.5), per: .iteration)
        #expect(factor(step, epoch: 1.49, of: 10) == 1)
        #expect(factor(step, epoch: 1.5, of: 10) == 0.5)
    }

    @Test("Warm-up is a line over epochs or iterations, and multiplies the curve")
    func warmUp() {
        let epochs = Schedule(.constant, warmUp: .init(10, start: 0.1))
        #expect(factor(epochs, epoch: 0, of: 100) == 0.1)
        #expect(abs(factor(epochs, epoch: 5, of: 100) - 0.55) < 1e-15)
        #expect(factor(epochs, epoch: 10, of: 100) == 1)
        let iterations = Schedule(
            .step(every: 1, factor: 0.5), warmUp: .init(200, .iteration, start: 0))
        #expect(factor(iterations, epoch: 0.5, of: 10) == 0.25)
        #expect(factor(iterations, epoch: 1.5, of: 10) == 0.5 * 0.75)
        #expect(factor(iterations, epoch: 2, of: 10) == 0.25)
        let staircase = Schedule(.constant, warmUp: .init(10, start: 0, per: .epoch))
        #expect(factor(staircase, epoch: 3.99, of: 100) == factor(staircase, epoch: 3, of: 100))
        #expect(abs(factor(staircase, epoch: 3, of: 100) - 0.3) < 1e-15)
    }

    /// Oracle: `torch.optim.lr_scheduler` (`Tests/Goldens/optimizers.py`).
    @Test(
        "Curves are PyTorch's at every iteration",
        arguments: [
            ("one_cycle", Schedule(.oneCycle(rise: 0.3, start: 0.04, final: 4e-6))),
            ("polynomial", Schedule(.polynomial(power: 2, final: 0))),
            ("cosine", Schedule(.cosine(final: 0))),
            ("cosine_epochs", Schedule(.cosine(final: 0), per: .epoch)),
            ("warm_up", Schedule(.constant, warmUp: .init(3, start: 0.1))),
        ])
    func pytorch(name: String, schedule: Schedule) throws {
        let golden = try Golden("optimizers").tensors(of: "schedule")
        let factors = try #require(golden[name]).doubles()
        #expect(factors.count == 60)
        for (step, expected) in factors.enumerated() {
            let factor = schedule.factor(
                at: ScheduleProgress(step: step, stepsPerEpoch: 5, epochs: 12))
            #expect(abs(factor - expected) < 1e-12, "step \(step)")
        }
    }

    @Test("What is left at the end is the final share")
    func final() {
        #expect(abs(factor(Schedule(.cosine(final: 0.2)), epoch: 10, of: 10) - 0.2) < 1e-15)
        let polynomial = Schedule(.polynomial(power: 1, final: 0.5))
        #expect(factor(polynomial, epoch: 5, of: 10) == 0.75)
    }
}

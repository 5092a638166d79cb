import CKernels
import Testing

extension KernelTests {
    @Suite("Normalization")
    struct Normalization {
        struct Case: CustomTestStringConvertible, Sendable {
            let activation: TestActivation
            let groups: Int
            let addsResidual: Bool
            let rectifies: Bool

            var testDescription: String {
                "\(activation.testDescription), groups \(groups), add \(addsResidual), "
                    + "relu \(rectifies)"
            }

            static let all = TestActivation.all.flatMap { activation in
                // With one or two elements per statistic dx is the rounding of a difference.
                [0, 1, 2, activation.channels].filter {
                    activation.count > 2 * max(activation.images * $0, activation.channels)
                }.flatMap { groups in
                    [(false, false), (false, true), (true, true)].map {
                        Case(
                            activation: activation, groups: groups, addsResidual: $0.0,
                            rectifies: $0.1)
                    }
                }
            }

            func rule(threads: Int32) -> gcb_normalization {
                gcb_normalization(
                    shape: activation.shape, groups: Int64(groups), epsilon: 1e-5,
                    adds_residual: addsResidual, rectifies: rectifies, threads: threads)
            }
        }

        @Test("Forward equals the formula", arguments: Case.all)
        func forward(_ test: Case) {
            let formula = NormalizationFormula(test)
            for machine in Machine.all {
                machine.run {
                    let result = NormalizationRun(formula, threads: machine.threads)
                    #expect(distance(result.y, formula.y) < 1e-5, "\(machine)")
                    #expect(distance(result.mean, formula.mean) < 1e-6, "\(machine)")
                    #expect(distance(result.variance, formula.variance) < 1e-5, "\(machine)")
                }
            }
        }

        @Test("Backward equals the formula", arguments: Case.all)
        func backward(_ test: Case) {
            let formula = NormalizationFormula(test)
            let expected = formula.gradient()
            // Elements so near the kink that float32 may see the other side are left out.
            func clear(_ values: [Double]) -> [Double] {
                zip(values, formula.isClear).map { $1 ? $0 : 0 }
            }
            for machine in Machine.all {
                machine.run {
                    let result = NormalizationRun(formula, threads: machine.threads)
                    #expect(distance(clear(result.dx), clear(expected.dx)) < 1e-4, "\(machine)")
                    #expect(distance(result.dscale, expected.dscale) < 1e-4, "\(machine)")
                    #expect(distance(result.dshift, expected.dshift) < 1e-4, "\(machine)")
                    #expect(
                        !test.addsResidual
                            || distance(clear(result.dresidual), clear(expected.dresidual)) < 1e-6,
                        "\(machine)")
                }
            }
        }

        @Test("A large common mean costs no precision in the variance", arguments: Machine.all)
        func largeMean(_ machine: Machine) {
            machine.run {
                let activation = TestActivation(images: 4, channels: 32, space: 144, block: 16)
                let test = Case(
                    activation: activation, groups: 0, addsResidual: false, rectifies: false)
                let formula = NormalizationFormula(test, mean: 1000)
                let result = NormalizationRun(formula, threads: machine.threads)
                #expect(distance(result.variance, formula.variance) < 1e-4)
            }
        }

        @Test("Given statistics are used per channel", arguments: Case.all)
        func inference(_ test: Case) {
            let activation = test.activation
            let formula = NormalizationFormula(
                Case(
                    activation: activation, groups: 0, addsResidual: test.addsResidual,
                    rectifies: test.rectifies))
            for machine in Machine.all {
                machine.run {
                    var y = [Float](repeating: 0, count: activation.storedCount)
                    var rule = test.rule(threads: machine.threads)
                    gcb_normalization_inference(
                        &rule, activation.stored(formula.x), formula.scale.map(Float.init),
                        formula.shift.map(Float.init), formula.mean.map(Float.init),
                        formula.variance.map(Float.init), activation.stored(formula.residual), &y)
                    #expect(distance(activation.logical(y), formula.y) < 1e-5, "\(machine)")
                }
            }
        }

        @Test("Gradients may take the place of what they are made from", arguments: Machine.all)
        func inPlace(_ machine: Machine) {
            machine.run {
                let activation = TestActivation(images: 3, channels: 48, space: 49, block: 16)
                for (groups, adds) in [(0, false), (0, true), (4, false), (4, true)] {
                    let formula = NormalizationFormula(
                        Case(
                            activation: activation, groups: groups, addsResidual: adds,
                            rectifies: true))
                    let apart = NormalizationRun(formula, threads: machine.threads)
                    let inPlace = NormalizationRun(formula, threads: machine.threads, inPlace: true)
                    #expect(apart.dx == inPlace.dx)
                    #expect(!adds || apart.dresidual == inPlace.dresidual)
                }
            }
        }

        @Test("The same thread count gives the same bits", arguments: Machine.all)
        func deterministic(_ machine: Machine) {
            machine.run {
                let activation = TestActivation(images: 7, channels: 48, space: 81, block: 16)
                for groups in [0, 3] {
                    let formula = NormalizationFormula(
                        Case(
                            activation: activation, groups: groups, addsResidual: false,
                            rectifies: true))
                    let first = NormalizationRun(formula, threads: machine.threads)
                    let second = NormalizationRun(formula, threads: machine.threads)
                    #expect(first.y == second.y && first.dx == second.dx)
                    #expect(first.dscale == second.dscale && first.mean == second.mean)
                }
            }
        }
    }
}

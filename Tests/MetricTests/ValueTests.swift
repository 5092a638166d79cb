import Metrics
import Testing

@Suite("Our value against the published one")
struct ValueTests {
    private let ours = Sample([75.61, 75.55, 75.30, 75.92, 75.11, 75.80, 75.24])
    private let published = PublishedFigure(mean: 75.4, standardDeviation: 0.27, count: 10)

    @Test("With a published spread, the 90 % Welch interval equals scipy's and decides")
    func welch() throws {
        // scipy 1.17: t.ppf(0.95, 12.127845531472778) times the Welch standard error
        let judgement = ValueJudgement(ours, published: published, margin: 0.36)
        let interval = try #require(judgement.interval)
        #expect(judgement.kind == .welch)
        #expect(abs(interval.low - -0.14855662468734643) < 1e-9)
        #expect(abs(interval.high - 0.35712805325876396) < 1e-9)
        #expect(judgement.verdict == .reproduced)
        #expect(ValueJudgement(ours, published: published, margin: 0.35).verdict == .inconclusive)
    }

    @Test("Contradicted when the Welch interval lies beyond the margin, on either side")
    func contradicted() {
        for offset in [-2.0, 2.0] {
            let far = PublishedFigure(
                mean: 75.5 + offset, standardDeviation: 0.27, count: 10)
            #expect(ValueJudgement(ours, published: far, margin: 0.3).verdict == .contradicted)
        }
    }

    @Test("One published run is consistent inside our prediction interval, never reproduced")
    func oneRun() {
        // Prediction interval by scipy: 74.719 to 76.289
        for (mean, verdict) in [
            (74.72, ValueVerdict.consistent), (76.28, .consistent), (74.71, .contradicted),
            (76.30, .contradicted),
        ] {
            let judgement = ValueJudgement(
                ours, published: PublishedFigure(mean: mean), margin: 0.3)
            #expect(judgement.kind == .prediction)
            #expect(judgement.verdict == verdict)
        }
    }

    @Test("A spread without a number of runs counts as one run")
    func spreadWithoutCount() {
        let figure = PublishedFigure(mean: 75.4, standardDeviation: 0.27, count: nil)
        #expect(ValueJudgement(ours, published: figure, margin: 0.3).kind == .prediction)
    }

    @Test("Too few seeds, a diverged one or no margin decide nothing")
    func open() {
        let one = Sample([75.4])
        #expect(ValueJudgement(one, published: published, margin: 0.3).verdict == .inconclusive)
        let diverged = Sample([75.4, 75.4, 75.5, .nan])
        #expect(
            ValueJudgement(diverged, published: published, margin: 9).verdict == .inconclusive)
        #expect(ValueJudgement(ours, published: published, margin: nil).verdict == .inconclusive)
    }
}

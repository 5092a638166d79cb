import Metrics
import Testing

@Suite("Samples over seeds")
struct SampleTests {
    // numpy 2: mean(), std(ddof=1); scipy 1.17: t.ppf(0.975, 6)
    private let seven = Sample([75.61, 75.55, 75.30, 75.92, 75.11, 75.80, 75.24])

    @Test("Mean, sample deviation and prediction interval equal numpy's and scipy's")
    func moments() throws {
        #expect(abs(try #require(seven.mean) - 75.50428571428571) < 1e-10)
        #expect(abs(try #require(seven.standardDeviation) - 0.30015868818882907) < 1e-10)
        let prediction = try #require(seven.predictionInterval(level: 0.95))
        #expect(abs(prediction.low - 74.7191129681657) < 1e-10)
        #expect(abs(prediction.high - 76.28945846040573) < 1e-10)
    }

    @Test("A diverged seed is counted and does not enter mean or spread")
    func diverged() {
        let sample = Sample([1, .nan, 3, .infinity, -.infinity])
        #expect(sample.values == [1, 3])
        #expect(sample.divergedCount == 3)
        #expect(sample.mean == 2)
        #expect(sample.standardDeviation == 2.0.squareRoot())
    }

    @Test("One value has a mean and no spread, none has neither")
    func few() {
        #expect(Sample([4]).mean == 4)
        #expect(Sample([4]).standardDeviation == nil)
        #expect(Sample([4]).interval(level: 0.95) == nil)
        #expect(Sample([]).mean == nil)
        #expect(Sample([.nan]).mean == nil)
    }

    @Test("Equal values have exactly no spread, and huge ones no interval instead of infinity")
    func degenerate() {
        #expect(Sample([0.1, 0.1, 0.1]).standardDeviation == 0)
        #expect(Sample([0.1, 0.1, 0.1]).mean == 0.1)
        #expect(Sample([1e308, -1e308, 1e308]).interval(level: 0.95) == nil)
    }

    @Test("Quantiles interpolate as numpy's percentile does by default")
    func quantiles() {
        let quantiles = Quantiles([4, 1, 3, 2])
        #expect(quantiles.median == 2.5)
        #expect(abs(quantiles[0.1] - 1.3) < 1e-15 && abs(quantiles[0.9] - 3.7) < 1e-15)
        #expect(quantiles[0] == 1 && quantiles[1] == 4)
        #expect(Quantiles([]).median.isNaN)
    }
}

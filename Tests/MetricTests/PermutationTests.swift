import Metrics
import Testing

@Suite("Sign flips and Holm")
struct PermutationTests {
    @Test(
        "Small cases counted by hand",
        arguments: [
            ([2.0], 1.0),  // ±2: both are as far from 0
            ([1, 2, 3], 2.0 / 8),  // only all plus and all minus reach 6
            ([1, -2, 3], 6.0 / 8),  // of 6 0 2 −4 4 −2 0 −6 six are at least 2 away
            ([1, 1, 1, 1], 2.0 / 16),
            ([1, -1], 1.0),  // an observed sum of 0 is reached by everything
            ([0, 0, 0], 1.0),
        ] as [([Double], Double)])
    func byHand(_ differences: [Double], _ expected: Double) {
        #expect(SignFlipTest.p(differences) == expected)
    }

    @Test("Ten mixed differences give scipy's exact permutation p")
    func scipy() {
        // scipy 1.17: permutation_test((d,), sum, permutation_type='samples', n_resamples=inf)
        let differences = [0.5, -0.2, 0.7, 0.1, -0.4, 0.9, 0.3, 0.25, -0.05, 0.6]
        #expect(SignFlipTest.p(differences) == 80.0 / 1024)
    }

    @Test("The smallest p possible is 2/2ⁿ and is reached, to thirty pairs")
    func smallest() {
        for count in [1, 3, 5, 6, 10, 20, 30] {
            let all = (1...count).map { Double($0) * 0.1 }
            #expect(SignFlipTest.p(all) == SignFlipTest.smallestP(count: count))
        }
        #expect(SignFlipTest.smallestP(count: 5) == 0.0625)
        #expect(SignFlipTest.smallestP(count: 0) == 1)
        #expect(SignFlipTest.p([]) == nil)
    }

    @Test("Ties count in spite of rounding: 91.3 − 91.2 is as large as 0.1")
    func ties() {
        #expect(SignFlipTest.p([91.3 - 91.2, -0.1, 0.1]) == 1)
    }

    @Test("Beyond thirty pairs the t test takes over without a jump")
    func many() throws {
        let thirty = (0..<30).map { Double($0 % 7) - 2.4 }
        let exact = try #require(SignFlipTest.p(thirty))
        let approximate = try #require(SignFlipTest.p(thirty + [thirty[0] + 3]))
        #expect(abs(exact - approximate) < 0.05)
        #expect(SignFlipTest.p([Double](repeating: 0, count: 40)) == 1)
    }

    @Test("Holm multiplies by the tests still open, never falls, and skips tests without p")
    func holm() {
        // By hand: 4 · 0.01, 3 · 0.02 = 0.06, 2 · 0.03 = 0.06, 0.5
        #expect(Holm.adjusted([0.03, 0.01, nil, 0.5, 0.02]) == [0.06, 0.04, nil, 0.5, 0.06])
        #expect(Holm.adjusted([0.9, 0.6]) == [1, 1])
        #expect(Holm.adjusted([]) == [])
    }
}

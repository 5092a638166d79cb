/// Two one-sided t tests: could the mean lie at or beyond ±δ?
///
/// *Reference:* Schuirmann, Journal of Pharmacokinetics and Biopharmaceutics 15 (1987).
enum EquivalenceTest {
    /// The larger of the two one-sided p; below 0.05 exactly where the 90 % interval lies inside
    /// (−δ, δ).
    ///
    /// - Parameters:
    ///   - standardError: of the mean.
    ///   - degrees: ν of the t distribution.
    static func p(mean: Double, standardError: Double, degrees: Double, margin: Double) -> Double {
        guard standardError > 0 else { return abs(mean) < margin ? 0 : 1 }
        // The nearer edge is the harder one to exclude.
        return 1
            - StudentT(degreesOfFreedom: degrees)
            .cumulative((margin - abs(mean)) / standardError)
    }
}

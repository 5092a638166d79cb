import ArgumentParser

/// A length of time on the command line: 90, 90s, 15m, 2h, 1.5h, 1d, 1h30m or 1:30:00.
struct TimeSpan: Hashable, ExpressibleByArgument {
    let seconds: Double

    init?(argument: String) {
        guard let seconds = Self.clock(argument) ?? Self.units(argument), seconds > 0 else {
            return nil
        }
        self.seconds = seconds
    }

    /// 1:30:00 or 5:00.
    private static func clock(_ text: String) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count) else { return nil }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == parts.count, numbers.allSatisfy({ $0 >= 0 }) else { return nil }
        return Double(numbers.reduce(0) { $0 * 60 + $1 })
    }

    private static func units(_ text: String) -> Double? {
        var (total, number) = (0.0, "")
        for character in text.lowercased() {
            guard !character.isNumber, character != "." else {
                number.append(character)
                continue
            }
            guard let factor = factors[character], let value = Double(number) else { return nil }
            total += value * factor
            number = ""
        }
        guard !number.isEmpty else { return total }
        // A bare number is in seconds; behind a unit it would be a riddle.
        return total == 0 ? Double(number) : nil
    }

    private static let factors: [Character: Double] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
}

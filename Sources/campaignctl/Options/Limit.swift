import ArgumentParser

/// How many lines a verb prints at most.
enum Limit {
    static func validate(_ limit: Int?) throws {
        guard let limit else { return }
        if limit < 1 { throw ValidationError("--limit: \(limit) is out of range; allowed is 1 and more") }
    }

    /// Of an option that has a highest value too.
    static func validate(_ option: String, _ number: Int, in allowed: ClosedRange<Int>) throws {
        guard !allowed.contains(number) else { return }
        throw ValidationError(
            "\(option): \(number) is out of range; allowed is \(allowed.lowerBound) to \(allowed.upperBound)")
    }
}

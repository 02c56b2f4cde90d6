import ArgumentParser

/// How many lines a listing verb prints at most.
enum Limit {
    static func validate(_ limit: Int?) throws {
        guard let limit else { return }
        if limit < 1 { throw ValidationError("--limit: \(limit) is out of range; allowed is 1 and more") }
    }
}

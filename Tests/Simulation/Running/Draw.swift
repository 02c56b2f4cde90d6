import SeededRandom

/// What a seed draws.
/// A class, since much draws while something else does.
///
/// `@unchecked Sendable`: all of a story happens on one thread at a time.
final class Draw: @unchecked Sendable {
    private(set) var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func one<Value>(of values: [Value]) -> Value { values[number(0...values.count - 1)] }
    /// True once in so many times.
    func once(in times: Int) -> Bool { number(1...times) == 1 }

    /// One of these, each as often as its weight says.
    func weighted<Value>(_ values: [(weight: Int, value: Value)]) -> Value {
        var left = number(1...values.reduce(0) { $0 + $1.weight })
        for (weight, value) in values {
            left -= weight
            if left <= 0 { return value }
        }
        return values[values.count - 1].value
    }

    /// A span that is mostly short and seldom long: the exponent is drawn evenly.
    func span(_ range: ClosedRange<Int>) -> Int {
        let low = Double(max(range.lowerBound, 1))
        let ratio = Double(range.upperBound) / low
        let exponent = Double.random(in: 0...1, using: &generator)
        var value = low
        // ratio to the power of the exponent, without Foundation: in 20 steps of a square root.
        var root = ratio
        var fraction = exponent
        for _ in 0..<20 {
            root = root.squareRoot()
            fraction *= 2
            if fraction >= 1 {
                value *= root
                fraction -= 1
            }
        }
        return min(max(Int(value), range.lowerBound), range.upperBound)
    }
}

extension SeededGenerator {
    /// A seed for draws that are to be independent of these.
    var seedForTheTelling: UInt64 {
        var copy = self
        return copy.next()
    }
}

extension SeededGenerator {
    func independent(of number: UInt64) -> SeededGenerator {
        var copy = self
        return SeededGenerator(seed: copy.next() ^ (number &* 0x9E37_79B9_7F4A_7C15))
    }
}

/// How many messages may go in any span of time of that length: `10/s`, `36000/h`.
public struct MailRate: Hashable, Sendable, CustomStringConvertible {
    public let count: Int
    public let window: Duration

    /// More than any relay takes in a day.
    public static let maximumCount = 100_000_000

    private static let windows: [(unit: String, seconds: Int)] = [("s", 1), ("m", 60), ("h", 3_600), ("d", 86_400)]

    /// - Returns: nil for every other text.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int(parts[0]), (1...Self.maximumCount).contains(count),
            let window = Self.windows.first(where: { $0.unit == parts[1] })
        else { return nil }
        self.count = count
        self.window = .seconds(window.seconds)
    }

    /// Messages a second.
    public var perSecond: Double { Double(count) / Double(window.components.seconds) }

    public var description: String {
        let unit = Self.windows.first { .seconds($0.seconds) == window }?.unit ?? ""
        return "\(count)/\(unit)"
    }
}

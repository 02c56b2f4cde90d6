/// Refusals that may be meant for the sender: a relay that does not like us tells each recipient so, and the whole list
/// would be refused for good. They are held back until somebody is taken, or until there are so many of them that it is
/// the sender who is refused.
struct RelayDoubt {
    private(set) var held: [(row: Int, reply: String)] = []
    private var wasTaken = false

    private static let most = 20

    /// Whether the refusal is held back.
    mutating func holds(_ row: Int, _ reply: String) -> Bool {
        guard !wasTaken, Self.mayBeOurs(reply) else { return false }
        held.append((row, reply))
        return true
    }

    /// Whether it is the sender who is refused.
    var isCertain: Bool { held.count >= Self.most }

    /// A recipient was taken.
    ///
    /// - Returns: what was held back, the recipients' own refusals after all.
    mutating func taken() -> [(row: Int, reply: String)] {
        wasTaken = true
        return release()
    }

    mutating func release() -> [(row: Int, reply: String)] {
        defer { held = [] }
        return held
    }

    /// A refusal by policy, or one that does not say why: RFC 3463, 3.8.
    private static func mayBeOurs(_ reply: String) -> Bool {
        let words = reply.split(separator: " ", maxSplits: 2)
        guard words.count > 1 else { return true }
        let parts = words[1].split(separator: ".")
        let isEnhanced = parts.count == 3 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
        return !isEnhanced || parts[1] == "7"
    }
}

import CampaignModel
import SendProtocol

/// A whole answer of a webhook, and what it means for the attempt.
struct WebhookAnswer: Hashable {
    let status: Int
    /// The beginning of its body, without secrets.
    let body: [UInt8]
    /// The body was longer, and its rest was not read: the status, which comes first, decides.
    let isCut: Bool
    /// What it asks for before the next attempt.
    var retryAfterSeconds: Int?
    /// Where a redirect would lead.
    var redirectHost: String?

    /// A first part of a body is read for its progress and shown to people; no answer needs more.
    static let bodyLimit = 64 * 1_024

    /// Timeout of the request, too early, too many, unavailable: the receiver did nothing and says so. RFC 9110,
    /// 15.5.9 and 15.6.4; RFC 8470, 5.2; RFC 6585, 4
    private static let temporary: Set = [408, 425, 429, 503]

    /// - Parameter isIdempotent: whether what may have been done may be asked for again.
    func outcome(isIdempotent: Bool) -> AttemptOutcome {
        switch status {
        case 200..<300: .sent
        case _ where Self.temporary.contains(status):
            .temporary(reason: reason, retryAfterSeconds: retryAfterSeconds)
        // Also 3xx: another place is the administrator's to choose, who gave this one the headers.
        case 300..<500: .failed(reason: reason)
        // An error in the middle of the work, or a status that HTTP does not have.
        case _ where isIdempotent: .temporary(reason: reason, retryAfterSeconds: retryAfterSeconds)
        default: .interrupted(reason: reason)
        }
    }

    /// What the receiver says of the send; nil where the body is not one object of that kind.
    var progress: SendProgress? { isCut ? nil : ProgressLine.read(Array(Self.trimmed(body))) }

    private var reason: String { "the webhook answered \(text)".cutForDisplay }

    /// What to tell of it, to follow the word "answered".
    var text: String {
        var text = "\(status)"
        if (300..<400).contains(status), let redirectHost { text += ", a redirect to \(redirectHost), not followed" }
        if isCut { text += " with more than \(Self.bodyLimit) bytes" }
        let body = String(decoding: Self.trimmed(body), as: UTF8.self)
        return body.isEmpty ? text : text + ": " + body
    }

    private static func trimmed(_ body: [UInt8]) -> ArraySlice<UInt8> {
        let start = body.drop { $0 <= UInt8(ascii: " ") }
        guard let last = start.lastIndex(where: { $0 > UInt8(ascii: " ") }) else { return [] }
        return start[...last]
    }

    /// Reads `Retry-After`: seconds, or a date. RFC 9110, 10.2.3. How long is too long, ``Backoff`` decides.
    ///
    /// - Parameter date: seconds since 1970 of one of HTTP's three forms of a date.
    static func retryAfter(_ header: String, now: Int64, date: (String) -> Int64?) -> Int? {
        if !header.isEmpty, header.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            // More than fits is long enough in any case.
            return Int(header) ?? Int.max
        }
        // Each form begins with the day of the week; what else a reader of dates may take is none of HTTP's.
        guard let first = header.first, first.isASCII, first.isLetter, header.contains(":"),
            let instant = date(header)
        else { return nil }
        return Int(max(0, instant - now))
    }
}

public import Recurrence

/// How far new alerts are told to the surface that `on_alert` names.
public struct AlertTelling: Hashable, Sendable {
    /// Every alert up to this event is told, or was there before anybody was to be told; nil while nobody is.
    public var told: Int64?
    /// The notice that is on its way: it tells what comes after ``told``.
    public var notice: Notice?

    /// One hand-over to the surface.
    public struct Notice: Hashable, Sendable {
        /// The number of the last event that it tells.
        public let through: Int64
        /// When it was made; with ``through`` it makes its key, which no other ledger's notice has.
        public let madeAt: Instant
        /// 1, 2, …
        public var attempt: Int
        /// When that attempt may begin.
        public var notBefore: Instant

        public init(through: Int64, madeAt: Instant, attempt: Int, notBefore: Instant) {
            self.through = through
            self.madeAt = madeAt
            self.attempt = attempt
            self.notBefore = notBefore
        }

        public var key: OccurrenceKey {
            guard let key = OccurrenceKey("alerts/\(madeAt)/\(through)") else {
                preconditionFailure("an instant and a number are a key: \(madeAt) \(through)")
            }
            return key
        }
    }

    public init(told: Int64? = nil, notice: Notice? = nil) {
        self.told = told
        self.notice = notice
    }
}

/// What a notice says: each alert once, with how often it was raised.
public struct AlertNotice: Hashable, Sendable {
    /// An alert by what it is about; nil for the daemon's own.
    public struct Subject: Hashable, Sendable {
        public let campaign: Slug?
        public let code: AlertCode

        public init?(_ event: Event) {
            guard event.kind == .alertRaised, let code = event.alert else { return nil }
            campaign = event.campaign?.name
            self.code = code
        }

        var name: String { campaign?.text ?? "campaignd" }
        var words: String { "\(name): \(code.rawValue)" }
    }

    private struct Line: Hashable, Sendable {
        let subject: Subject
        let first: Instant
        var text: String
        var count: Int
    }

    private var lines: [Line] = []

    /// Alerts that are told one by one; of more the rest is counted.
    static let lineLimit = 100

    /// - Parameter events: those that raised the alerts, in order; others are left out.
    public init(_ events: [Event]) {
        var places: [Subject: Int] = [:]
        for event in events {
            guard let subject = Subject(event) else { continue }
            if let place = places[subject] {
                lines[place].count += 1
                lines[place].text = event.text
            } else {
                places[subject] = lines.count
                lines.append(Line(subject: subject, first: event.at, text: event.text, count: 1))
            }
        }
    }

    public var subjects: [Subject] { lines.map(\.subject) }

    /// The notice as a message: its subject in one line, and a line for each alert.
    public var content: MessageContent {
        let shown = lines.prefix(Self.lineLimit).map { line in
            let times = line.count == 1 ? "" : " (\(line.count) times)"
            let severity = line.subject.code.severity.rawValue
            return "\(line.first) \(line.subject.name): \(severity): \(line.text.escapedForDisplay)\(times)"
        }
        let rest = lines.count - shown.count
        let text = (shown + (rest > 0 ? ["and \(rest) more"] : []) + ["", "What stands now: campaignctl alerts"])
            .joined(separator: "\n") + "\n"
        let subject = lines.count == 1 ? lines[0].subject.words : "\(lines.count) alerts: \(names)"
        return MessageContent(
            subject: subject, text: text, html: nil, file: MessageFile(name: "alerts.txt", bytes: Array(text.utf8)))
    }

    /// The first few that they are about, each once.
    private var names: String {
        var names: [String] = []
        for line in lines where !names.contains(line.subject.name) { names.append(line.subject.name) }
        return names.prefix(3).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
    }
}

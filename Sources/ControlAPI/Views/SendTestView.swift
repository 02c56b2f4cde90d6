public import CampaignModel
public import VarlinkKit

/// A proof of a campaign, or the test of a surface, as clients see it.
public struct SendTestView: Hashable, Sendable {
    /// Of its record at the sender; no occurrence has it.
    public var key: String
    public var surface: String
    /// The campaign's name; nil for a surface's test.
    public var campaign: String?
    /// The campaign's version that is shown; nil for a surface's test.
    public var version: Int?
    /// The message's name.
    public var message: String
    /// The message's revision.
    public var revision: Int
    /// Nil for a surface's test that goes to nobody.
    public var to: String?
    public var outcome: Outcome
    /// Why it did not arrive; nil where it was sent or goes on.
    public var reason: String?
    public var progress: SendProgress

    /// How long whoever asks is kept waiting: long enough for a mail, and shorter than ``ControlClient/answerTimeout``
    /// with the 5 s that a sender may take to answer at all.
    public static let patienceSeconds = 20

    /// How it ended, or that it has not.
    public enum Outcome: String, CaseIterable, Hashable, Sendable {
        case sent
        /// It would fail again.
        case failed
        /// It might succeed later. A test is never tried again by itself.
        case temporary
        /// Nobody knows how far it came.
        case interrupted
        case cancelled
        /// It goes on.
        case running
    }

    /// - Parameters:
    ///   - campaign: nil for a surface's test, and `version` with it.
    ///   - address: where it went; nil for a surface's test that goes to nobody.
    public init(_ result: SendTestResult, campaign: Slug?, version: Int?, address: ProofAddress?) {
        key = result.key.text
        surface = result.surface.text
        self.campaign = campaign?.text
        self.version = version
        message = result.message.name.text
        revision = result.message.revision
        to = address?.text
        (outcome, reason) = Self.told(result.outcome)
        progress = result.progress
    }

    private static func told(_ outcome: AttemptOutcome?) -> (Outcome, reason: String?) {
        switch outcome {
        case nil: (.running, nil)
        case .sent: (.sent, nil)
        case .failed(let reason): (.failed, reason)
        case .temporary(let reason, _): (.temporary, reason)
        case .interrupted(let reason): (.interrupted, reason)
        case .cancelled(let reason), .revoked(let reason): (.cancelled, reason)
        }
    }

    public init(json: JSONObject) throws(ViewError) {
        let fields = JSONFields(json)
        key = try fields.required("key", fields.text)
        surface = try fields.required("surface", fields.text)
        campaign = try fields.text("campaign")
        version = try fields.number("version")
        message = try fields.required("message", fields.text)
        revision = try fields.required("revision", fields.number)
        to = try fields.text("to")
        outcome = try fields.requiredWord("outcome", Outcome.self)
        reason = try fields.text("reason")
        progress = SendProgress(
            done: try fields.number("progress").map(Int64.init), total: try fields.number("total").map(Int64.init),
            failed: try fields.number("failed").map(Int64.init), note: try fields.text("note"))
    }

    public var json: JSONObject {
        [
            "key": .string(key), "surface": .string(surface), "campaign": JSONValue(campaign),
            "version": JSONValue(version), "message": .string(message), "revision": JSONValue(revision),
            "to": JSONValue(to), "outcome": .string(outcome.rawValue), "reason": JSONValue(reason),
            "progress": JSONValue(progress.done), "total": JSONValue(progress.total),
            "failed": JSONValue(progress.failed), "note": JSONValue(progress.note),
        ]
    }
}

import CampaignModel
import Foundation
import Glibc
import StrictYAML
import SurfaceFiles
import Testing

@testable import campaign_send

/// An SMTP server of Python's aiosmtpd for a test, that answers at each step as it is told: Peers/smtp_peer.py.
final class SMTPPeer {
    enum Step: String {
        case greeting, ehlo, starttls, auth, reset, mail, rcpt, data, content, end, quit
    }

    enum Action {
        /// The reply that there would have been.
        case usual
        case reply(String)
        /// As it is, without a line end.
        case write(String, times: Int = 1)
        /// Until ``SMTPPeer/release()``.
        case wait
        case tell(String)
        /// Says nothing any more.
        case hang
        case close
        /// Ends the connection with a reset.
        case reset

        fileprivate var words: [String] {
            switch self {
            case .usual: ["usual"]
            case .reply(let text): ["reply", text]
            case .write(let text, let times): ["write", text, "\(times)"]
            case .wait: ["wait"]
            case .tell(let text): ["tell", text]
            case .hang: ["hang"]
            case .close: ["close"]
            case .reset: ["reset"]
            }
        }
    }

    /// What one connection does at a step the first time, the second time, and so on; `[]` for the usual.
    typealias Plan = [Step: [[Action]]]

    struct Settings {
        var plans: [Plan] = []
        var features: [String] = []
        var takesUTF8 = false
        /// A file with key and certificate in the rig's folder.
        var certificate: String?
        var isImplicit = false
        /// Of the user `ann`.
        var password: String?
        /// A folder in the rig's, where messages are kept as `1.eml`, `2.eml`, ….
        var folder: String?
        var isQuiet = false
    }

    /// Something that happened.
    struct Event: Decodable {
        let event: String
        var connection: Int?
        var argument: String?
        var text: String?
        var hello: String?
        var sender: String?
        var recipients: [String]?
        var options: [String]?
        var size: Int?
        var tls: Bool?
        var user: String?
    }

    let port: Int
    private let rig: SenderRig
    private let told: Fifo
    private let gate: Fifo

    private static let script = #filePath.split(separator: "/").dropLast(2).map { "/" + $0 }.joined()
        + "/Peers/smtp_peer.py"
    private static let python =
        ProcessInfo.processInfo.environment["CAMPAIGND_TEST_PYTHON"] ?? ".build/test-venv/bin/python3"

    init(_ rig: SenderRig, _ settings: Settings = Settings()) throws {
        self.rig = rig
        told = try Fifo(rig.path + "/peer-told")
        gate = try Fifo(rig.path + "/peer-gate", isGate: true)
        if let folder = settings.folder { rig.makeFolder(rig.path + "/" + folder) }
        var json: [String: Any] = [
            "plans": settings.plans.map { plan in
                Dictionary(uniqueKeysWithValues: plan.map { ($0.rawValue, $1.map { $0.map(\.words) }) })
            },
            "features": settings.features, "utf8": settings.takesUTF8, "implicit": settings.isImplicit,
            "quiet": settings.isQuiet,
        ]
        json["certificate"] = settings.certificate.map { rig.path + "/" + $0 }
        json["password"] = settings.password
        json["folder"] = settings.folder.map { rig.path + "/" + $0 }
        let text = String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
        let words = [
            URL(fileURLWithPath: Self.python).path, "-B", Self.script, rig.path + "/peer-told", rig.path + "/peer-gate",
            text,
        ]
        _ = try rig.connect(words, stderr: rig.path + "/peer-stderr")
        port = try #require(Int(try told.line()), "\(rig.text("peer-stderr") ?? "")")
    }

    /// What happened and was not yet asked for, up to now.
    func eventsSoFar() throws -> [Event] {
        var events: [Event] = []
        while let line = try told.lineIfAny() { events.append(try Self.event(line)) }
        return events
    }

    /// The next of that kind, for which the transport has its turns; others before it are passed over.
    @discardableResult
    func event(_ kind: String, during run: MailRun) throws -> Event {
        while true {
            let next = try event(during: run)
            if next.event == kind { return next }
        }
    }

    /// The next that happens, for which the transport has its turns.
    func event(during run: MailRun) throws -> Event {
        while true {
            if let line = try told.lineIfAny() { return try Self.event(line) }
            try run.turn([(told.descriptor, POLLIN)])
        }
    }

    /// The next of that kind, which comes without us.
    @discardableResult
    func event(_ kind: String) throws -> Event {
        while true {
            let next = try Self.event(told.line())
            if next.event == kind { return next }
        }
    }

    private static func event(_ line: String) throws -> Event {
        try JSONDecoder().decode(Event.self, from: Data(line.utf8))
    }

    /// Ends one wait.
    func release() { gate.release() }
}

extension SenderRig {
    /// A relay as a surface's file describes it.
    ///
    /// - Parameter settings: lines of the mapping `mail`, each with its two spaces.
    func server(_ port: Int, _ settings: String = "", password: String? = nil) throws -> SMTPServer {
        let text = "channel: email\nmail:\n  from: news@example.org\n  port: \(port)\n"
            + (settings.contains("  host: ") ? "" : "  host: 127.0.0.1\n") + settings + "credentials: [relay]\n"
        let name = try #require(Slug("newsletter"))
        let file = try SurfaceFile(name: name, YAMLDocument.read(bytes: Array(text.utf8), file: "newsletter.yaml"))
        guard case .mail(let mail) = file.delivery, case .smtp(let relay) = mail.relay else {
            throw SMTPRigFault(description: "no relay: \(text)")
        }
        return SMTPServer(relay, password: password)
    }
}

struct SMTPRigFault: Error, CustomStringConvertible {
    let description: String
}

import CampaignModel
import SurfaceFiles

/// A relay with its password: all that connections to it need.
struct SMTPServer: Sendable {
    let relay: MailRelay
    let password: String?

    init(_ relay: MailRelay, password: String?) {
        self.relay = relay
        self.password = password
    }

    /// Reads the credential, so that one which is missing is found before anything is sent.
    init(_ relay: MailRelay) throws(ConfigurationDirectory.Refusal) {
        var password: String?
        if let login = relay.login { password = try Credentials.text(of: login.password) }
        self.init(relay, password: password)
    }

    /// As libcurl wants it: what EHLO says is the path.
    var url: String {
        let scheme = relay.security == .implicit ? "smtps" : "smtp"
        let host = relay.host.contains(":") ? "[\(relay.host)]" : relay.host
        let path = (relay.helo ?? "").replacing("[", with: "%5B").replacing("]", with: "%5D")
        return "\(scheme)://\(host):\(relay.port)/\(path)"
    }

    /// To be told of.
    var name: String { "\(relay.host):\(relay.port)" }
}

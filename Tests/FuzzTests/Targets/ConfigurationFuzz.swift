import CampaignModel
import Mail
import Recurrence
import StrictYAML
import SurfaceFiles

@testable import campaignd

/// A configuration file, read as each of the three kinds that there are: refused in a short sentence, or values inside
/// their ranges.
enum ConfigurationFuzz {
    static func run(_ bytes: [UInt8]) throws(Finding) {
        let root: YAMLNode
        do throws(YAMLError) {
            root = try YAMLDocument.read(bytes: bytes, file: "fuzz.yaml")
        } catch {
            return try checkRefusal(error)
        }
        guard let name = Slug("fuzz") else { return }
        if let surface = try read({ () throws(YAMLError) in try SurfaceFile(name: name, root) }) {
            try checkSurface(surface)
        }
        if let audience = try read({ () throws(YAMLError) in try AudienceFile(root) }) {
            try check(!audience.variable(name: name).utf8.contains(0), "a NUL would cut the variable of \(audience)")
        }
        let reader = ConfigurationReader(directory: "/nowhere", zones: SystemZones())
        var read = ReadConfiguration()
        read.configuration.catalogue = Catalogue(surfaces: [Surface(name: name, channel: name)])
        do {
            try reader.fill(&read, from: root)
        } catch let error as YAMLError {
            return try checkRefusal(error)
        } catch {
            throw Finding(description: "\(error) has no place in the file")
        }
        try checkSettings(read.configuration)
    }

    private static func read<Value>(_ body: () throws(YAMLError) -> Value) throws(Finding) -> Value? {
        do throws(YAMLError) {
            return try body()
        } catch {
            try checkRefusal(error)
            return nil
        }
    }

    private static func checkSurface(_ surface: SurfaceFile) throws(Finding) {
        try check(SurfaceFile.allowedTimeout.contains(surface.timeout), "a timeout of \(surface.timeout)")
        try check(surface.maxConcurrent.map { (1...1_000).contains($0) } ?? true, "\(surface.maxConcurrent ?? 0)")
        try check(
            surface.retries.map { CampaignContent.allowedRetries.contains($0) } ?? true, "\(surface.retries ?? 0)")
        switch surface.delivery {
        case .command(let run):
            try check(run.first?.hasPrefix("/") ?? false, "\(run) begins with no whole path")
            try check(run.allSatisfy { !$0.utf8.contains(0) }, "a NUL would cut an argument of \(run)")
        case .webhook(let webhook): try checkWebhook(webhook)
        case .mail(let mail): try checkMail(mail)
        }
    }

    /// What would end a header or a command, and what libcurl would read as another address.
    private static func checkMail(_ mail: MailSurface) throws(Finding) {
        let settings = mail.settings
        let addresses = [settings.from.address, mail.envelopeFrom, settings.replyTo?.address].compactMap(\.?.text)
        for address in addresses {
            try check(address.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x3C && $0 != 0x3E }, address)
        }
        for text in [settings.from.name, settings.replyTo?.name, settings.listID].compactMap({ $0 }) {
            try check(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, text.debugDescription)
        }
        switch mail.relay {
        case .sendmail(let path): try check(path.hasPrefix("/") && !path.utf8.contains(0), path)
        case .smtp(let relay):
            for text in [relay.host, relay.helo].compactMap({ $0 }) {
                try check(!text.isEmpty && !text.contains { "/@?#% ".contains($0) }, text.debugDescription)
            }
            try check(MailRelay.allowedConnections.contains(relay.connections), "\(relay.connections) connections")
            let isOpen = relay.security == .none && relay.login != nil
            try check(!isOpen || ["localhost", "::1"].contains(relay.host.lowercased()) || relay.host.hasPrefix("127."),
                "a password goes to \(relay.host) in plain text")
        }
    }

    private static func checkWebhook(_ webhook: Webhook) throws(Finding) {
        try check((try? WebAddress(webhook.url.text)) == webhook.url, "\(webhook.url.text) is taken once only")
        try check(WebAddress.host(of: webhook.url.text)?.isEmpty == false, "\(webhook.url.text) has no host")
        try check(Webhook.allowedConnectTimeout.contains(webhook.connectTimeout), "\(webhook.connectTimeout)")
        try check(webhook.headers.count <= Webhook.maximumHeaders, "\(webhook.headers.count) headers")
        for header in webhook.headers {
            let line = "\(header.name): \(header.filled { (name: String) throws(Never) in name })"
            // What would begin another header, or end the head of the request.
            try check(
                !line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F }, "\(line.debugDescription)")
            try check(!header.name.isEmpty && !header.name.contains(":"), "\(line.debugDescription)")
        }
    }

    private static func checkSettings(_ configuration: DaemonConfiguration) throws(Finding) {
        let settings = configuration.settings
        let durations = [
            settings.tickInterval, settings.completesAfter, settings.lateLimit, settings.slowAfter,
            settings.minSpacing, settings.clockTolerance,
        ]
        for duration in durations {
            try check(
                duration > .zero && duration <= .seconds(366 * 86_400) && Duration(text: duration.text) == duration,
                "a duration of \(duration)")
        }
        let counts = [
            settings.maxConcurrent, settings.limits.campaigns, settings.limits.versions, settings.limits.messages,
            settings.limits.pendingTriggers,
        ]
        try check(counts.allSatisfy { (1...10_000_000).contains($0) }, "\(counts)")
        try check(CampaignContent.allowedRetries.contains(settings.retries), "\(settings.retries) retries")
        try check(settings.onAlert.map { $0.text == "fuzz" } ?? true, "on_alert names no surface")
        try check((try? SystemZones().zone(named: settings.defaultTimezone)) != nil, settings.defaultTimezone)
        try check(
            (configuration.access.operators + configuration.access.viewers).allSatisfy { !$0.isEmpty },
            "a group has no name")
    }
}

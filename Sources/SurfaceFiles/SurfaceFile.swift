public import CampaignModel
public import StrictYAML

/// One file of surfaces.d: a way of delivering for one channel.
///
///     channel: email
///     command:
///       run: [/usr/local/bin/deliver, --fast]
///     timeout: 1h
///
/// The sender delivers by it, and reads it anew for each send. The daemon checks all of it when it is loaded, and uses
/// the name, the channel and the numbers alone.
public struct SurfaceFile: Sendable {
    /// What delivers, with its settings. One of them stands in each file.
    public enum Delivery: Sendable {
        /// A program and its arguments.
        case command(run: [String])
        case webhook(Webhook)
        /// One message a recipient, made here.
        case mail(MailSurface)
    }

    public let name: Slug
    public let channel: Slug
    public let delivery: Delivery
    public let timeout: Duration
    /// How many of its sends may run at once, 1 to 1,000; nil where the file does not say.
    public let maxConcurrent: Int?
    /// Further attempts after a temporary failure, 0 to 100; nil where the file does not say.
    public let retries: Int?

    /// A million messages at ten a second take 28 hours; a long list over a slow relay, three days.
    public static let defaultMailTimeout = Duration.seconds(72 * 3_600)
    /// Longer sends than a month are mistakes.
    public static let allowedTimeout = Duration.milliseconds(100)...Duration.seconds(30 * 86_400)

    /// A program and its arguments; more than any command line of a person has.
    private static let maximumArguments = 64
    private static let maximumCredentials = 16
    private static let allowedConcurrency = 1...1_000

    private static let drivers = ["command", "webhook", "mail"]
    private static let otherKeys = ["channel", "timeout", "max_concurrent", "retries", "credentials", "idempotent"]

    /// - Throws: ``YAMLError`` with file, line, column and key for the first thing that is wrong.
    public init(name: Slug, _ node: YAMLNode) throws(YAMLError) {
        let mapping = try node.mapping(allowing: Self.otherKeys + Self.drivers)
        self.name = name
        channel = try Self.channel(mapping)
        delivery = try Self.delivery(mapping)
        timeout = try mapping["timeout"]?.duration(Self.allowedTimeout) ?? Self.defaultTimeout(of: delivery)
        maxConcurrent = try mapping["max_concurrent"]?.number(Self.allowedConcurrency)
        retries = try mapping["retries"]?.number(CampaignContent.allowedRetries)
    }

    private static func channel(_ mapping: YAMLMapping) throws(YAMLError) -> Slug {
        guard let node = mapping["channel"] else {
            throw mapping.node.error("channel is missing; write channel: email")
        }
        let text = try node.text()
        guard let channel = Slug(text) else {
            throw node.error(
                "\"\(FieldError.shown(text))\" is not a channel; use a-z, 0-9 and -, such as email")
        }
        return channel
    }

    private static func delivery(_ mapping: YAMLMapping) throws(YAMLError) -> Delivery {
        let credentials = try credentials(mapping)
        let found = mapping.entries.filter { drivers.contains($0.key) }
        guard let driver = found.first else {
            throw mapping.node.error("a driver is missing; write one of \(drivers.joined(separator: ", "))")
        }
        guard found.count == 1 else {
            let reason = "is a second driver beside \(driver.key); a file has one"
            throw YAMLError(file: mapping.node.file, place: found[1].place, field: found[1].key, reason: reason)
        }
        let idempotent = mapping["idempotent"]
        switch driver.key {
        case "webhook":
            return .webhook(try Webhook(driver.node, credentials: credentials, idempotent: idempotent))
        case "mail":
            if let idempotent {
                throw idempotent.error("is for webhook; mail knows of each recipient what may be sent again")
            }
            return .mail(try MailSurface(driver.node, credentials: credentials))
        default:
            if let idempotent {
                throw idempotent.error("is for webhook; a program says by its exit status what may be tried again")
            }
            return .command(run: try program(driver.node))
        }
    }

    /// As the file says, where it does.
    public var rate: MailRate? {
        guard case .mail(let mail) = delivery else { return nil }
        return mail.rate
    }

    private static func defaultTimeout(of delivery: Delivery) -> Duration {
        switch delivery {
        case .mail: defaultMailTimeout
        case .command, .webhook: Surface.defaultTimeout
        }
    }

    /// A program and its arguments.
    private static func program(_ node: YAMLNode) throws(YAMLError) -> [String] {
        guard let run = try node.mapping(allowing: ["run"])["run"] else {
            throw node.error("run is missing; write run: [/path/of/program, argument]")
        }
        let words = try run.texts()
        guard (1...maximumArguments).contains(words.count), words.allSatisfy({ !$0.utf8.contains(0) }) else {
            throw run.error("must be a program and its arguments, \(maximumArguments) words at most")
        }
        guard words[0].hasPrefix("/") else {
            throw run.error("\"\(FieldError.shown(words[0]))\" must be a whole path, from /")
        }
        return words
    }

    /// Names of files below `$CREDENTIALS_DIRECTORY`.
    private static func credentials(_ mapping: YAMLMapping) throws(YAMLError) -> [String] {
        guard let node = mapping["credentials"] else { return [] }
        let names = try node.texts()
        let isSound = names.count <= maximumCredentials
            && names.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.contains("/") && $0.utf8.count <= 255 }
        guard isSound else { throw node.error("must be \(maximumCredentials) file names at most, without /") }
        return names
    }
}

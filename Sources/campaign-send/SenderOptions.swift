import CampaignModel
import Glibc

/// How campaign-send was started.
struct SenderOptions {
    /// The connection's descriptor where the command line names it; else it comes as systemd passes one.
    var connection: CInt?
    var statePath: String?
    var configurationPath: String?
    /// From TERM to KILL.
    var grace = Duration.seconds(10)

    /// For a `count` or a `sample` from its request to the end of its work. Who asks waits 10 seconds in all; what is
    /// left of them is for the end of a program that must be killed, and the way back.
    var audienceTimeout = Duration.seconds(9)

    /// Before recipients are tried again whom a relay put off; nil for a minute, and longer each time.
    var mailPause: Duration?

    static let allowedGrace = Duration.zero...Duration.seconds(3_600)
    static let allowedAudienceTimeout = Duration.milliseconds(10)...Duration.seconds(9)
    static let allowedMailPause = Duration.zero...Duration.seconds(86_400)

    static let usage = """
        usage: campaign-send [--connection N] [--state-dir PATH] [--config-dir PATH] [--grace DURATION]
                             [--audience-timeout DURATION] [--mail-pause DURATION]

        Answers one request of campaignd: starts a send's surface and keeps the record of it, tells of such records,
        or reads an audience. The connection is the one that systemd passes (Accept=yes), or the open descriptor N,
        from 3 on.

          --connection N      the connection's descriptor; surfaces of the own user are then taken, too
          --state-dir PATH    records of sends (default: $STATE_DIRECTORY)
          --config-dir PATH   surfaces.d and audiences.d (default: $CONFIGURATION_DIRECTORY)
          --grace DURATION    time for a surface to end before it is killed (default: 10s)
          --audience-timeout DURATION
                              time to count or sample an audience, at most 9s (default: 9s)
          --mail-pause DURATION
                              time before recipients are tried again whom a mail server put off (default: 1m,
                              doubled each time, an hour at most)

        """

    private static let names = [
        "--connection", "--state-dir", "--config-dir", "--grace", "--audience-timeout", "--mail-pause",
    ]

    /// - Throws: ``FieldError`` naming the option.
    init(_ arguments: [String]) throws(FieldError) {
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard Self.names.contains(option) else {
                throw FieldError(option, nil, "is not an option of campaign-send")
            }
            guard let value = rest.popFirst() else { throw FieldError(option, nil, "needs a value") }
            switch option {
            case "--connection":
                guard let number = CInt(value), (3...1_023).contains(number) else {
                    throw FieldError(option, value, "is not a descriptor; allowed are 3 to 1023")
                }
                connection = number
            case "--state-dir": statePath = value
            case "--config-dir": configurationPath = value
            case "--mail-pause":
                mailPause = try Duration(text: value, field: option, allowed: Self.allowedMailPause)
            case "--grace": grace = try Duration(text: value, field: option, allowed: Self.allowedGrace)
            default:
                audienceTimeout = try Duration(text: value, field: option, allowed: Self.allowedAudienceTimeout)
            }
        }
        statePath = (statePath ?? Self.variable("STATE_DIRECTORY")).map(Self.wholePath)
        configurationPath = configurationPath ?? Self.variable("CONFIGURATION_DIRECTORY")
    }

    /// From `/`: a surface runs in a folder of its own, and finds its message all the same.
    private static func wholePath(_ path: String) -> String {
        guard !path.hasPrefix("/"), let folder = getcwd(nil, 0) else { return path }
        defer { free(folder) }
        return String(cString: folder) + "/" + path
    }

    private static func variable(_ name: String) -> String? {
        guard let value = getenv(name).map({ String(cString: $0) }), !value.isEmpty else { return nil }
        // systemd joins several directories with colons; ours are one each. systemd.exec(5)
        return value.split(separator: ":").first.map(String.init)
    }
}

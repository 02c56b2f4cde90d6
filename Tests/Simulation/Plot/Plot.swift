import CampaignModel

/// A story before it is told: all that happens to a machine from outside, in order of time. A seed draws it; everything
/// else in the telling follows from it and from the draws of ``seed``.
struct Plot: Codable {
    /// Draws what the plot leaves open: latencies, the order of work, what surfaces do.
    var seed: UInt64
    var hours: Int
    var settings: PlotSettings
    /// The zone database, and what later releases say of the same zones.
    var zones: [[ZonePlan]]
    var acts: [Act]

    /// 2026-06-01T00:00:00Z.
    static let start: Int64 = 1_780_272_000
}

/// What campaignd.yaml and surfaces.d say at first.
struct PlotSettings: Codable {
    var tickSeconds: Int64
    var completesAfterHours: Int64
    var lateLimitSeconds: Int64
    var retries: Int
    var maxConcurrent: Int
    var surfaces: [SurfacePlan]
    var tellsAlerts: Bool

    struct SurfacePlan: Codable {
        var cap: Int
        var retries: Int?
    }
}

/// Something that happens at a time, in seconds since the story's start.
struct Act: Codable {
    var at: Int64
    var deed: Deed
}

enum Deed: Codable {
    case person(PersonDeed)
    /// From that time on: what a person does in the moment in which the campaign's next occurrence is claimed.
    case ambush(Int, PersonDeed)
    case fault(Fault)
}

/// What people do: each with the campaign it is done to, by its number in the story, and a number that picks where
/// there is a choice.
enum PersonDeed: Codable {
    case create(Int, CampaignDefinition)
    case apply(Int, CampaignDefinition)
    case activate(Int)
    case unschedule(Int)
    case modify(Int)
    case discard(Int)
    case stop(Int)
    case pause(Int)
    case resume(Int)
    case duplicate(Int, as: Int)
    case archive(Int)
    case unarchive(Int)
    case delete(Int)
    case tag(Int)
    case acknowledge(Int)
    case cancel(Int, pick: Int?)
    case retry(Int, pick: Int)
    case sendNow(Int, id: Int, again: Bool)
    case trigger(Int, id: Int, inSeconds: Int64?)
    case putMessage(Int, publish: Bool)
    case proof(Int, id: Int)
    case testSurface(Int, id: Int)
    case check(Int)
    case dryRun(Int)
}

/// What goes wrong, and for how many seconds.
enum Fault: Codable {
    /// The daemon is killed between any two pieces of its work.
    case kill(down: Int64)
    /// The daemon is killed at the n-th write from now, before or after it is committed.
    case killAtWrite(Int, committed: Bool, down: Int64)
    /// SIGTERM, and a start.
    case restart(down: Int64)
    /// The machine loses power: the daemon, all senders, and what was not synced.
    case powerCut(down: Int64)
    /// The same at the n-th call from now by which a sender changes its disk.
    case powerCutAtCall(Int, down: Int64)
    /// Running senders are killed.
    case killSenders
    /// The next sender is killed at its n-th call that changes its disk.
    case killSenderAtCall(Int)
    /// No connection to the sender.
    case launcherDown(Int64)
    /// Senders take their time before they read their request and before each answer.
    case slowSenders(Int64)
    /// Connections end at any moment, answers on their way get lost.
    case lostReplies(Int64)
    /// What the sender says is reported twice.
    case repeatedReplies(Int64)
    case clock(by: Int64)
    case suspend(Int64)
    /// Another release of the zone database, by its number.
    case zones(Int)
    case ledgerFull(Int64)
    case senderDiskFull(Int64)
    case journalDown(Int64)
    /// A surface is taken away for so long.
    case surfaceGone(Int, Int64)
    /// Other caps.
    case caps(Int)

    /// The name under which it is counted.
    var kind: String {
        switch self {
        case .kill: "kill"
        case .killAtWrite(_, committed: false, _): "kill-before-write"
        case .killAtWrite(_, committed: true, _): "kill-after-write"
        case .restart: "restart"
        case .powerCut: "power-cut"
        case .powerCutAtCall: "power-cut-at-call"
        case .killSenders: "senders-killed"
        case .killSenderAtCall: "sender-killed-at-call"
        case .launcherDown: "launcher-down"
        case .slowSenders: "slow-senders"
        case .lostReplies: "lost-replies"
        case .repeatedReplies: "repeated-replies"
        case .clock(let by): by < 0 ? by < -3_600 ? "clock-far-back" : "clock-back" : "clock-forward"
        case .suspend: "suspend"
        case .zones: "zone-data"
        case .ledgerFull: "ledger-full"
        case .senderDiskFull: "sender-disk-full"
        case .journalDown: "journal-down"
        case .surfaceGone: "surface-gone"
        case .caps: "caps"
        }
    }

    static let kinds = [
        "kill", "kill-before-write", "kill-after-write", "restart", "power-cut", "power-cut-at-call", "senders-killed",
        "sender-killed-at-call", "launcher-down", "slow-senders", "lost-replies", "repeated-replies", "clock-far-back",
        "clock-back", "clock-forward", "suspend", "zone-data", "ledger-full", "sender-disk-full", "journal-down",
        "surface-gone", "caps",
    ]
}

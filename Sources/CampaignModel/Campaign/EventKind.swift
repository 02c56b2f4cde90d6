/// What happened. The raw value is the `kind` that people and scripts see; the journal has a MESSAGE_ID for each.
public enum EventKind: String, CaseIterable, Hashable, Sendable, Codable {
    case created
    case changed
    case tagged
    /// The status changed; `from` and `to` tell how.
    case status
    /// A newer draft replaced the live version of a campaign in force.
    case replaced
    case modified
    case discarded
    case paused
    case resumed
    case deleted
    /// A stop is committed and waits for the sender's answer.
    case fenced
    /// A stop found its one-shot's send accepted, and is taken back.
    case fenceLifted = "fence-lifted"
    /// A trigger whose time is to come was asked for.
    case triggerPlanned = "trigger-planned"
    case claimed
    case started
    case waiting
    /// A person wants another attempt of a send that has ended.
    case retried
    /// A send reached its final state; `outcome` tells which.
    case ended
    case alertRaised = "alert-raised"
    case alertCleared = "alert-cleared"
    /// A notice of new alerts was handed to the surface that `on_alert` names; `outcome` tells how it ended.
    case alertsTold = "alerts-told"
    /// A marked test was sent; `outcome` tells how it ended.
    case tested
    case messagePut = "message-put"
    case messagePublished = "message-published"
    case clockJumped = "clock-jumped"
    /// A person took a suspect clock for right.
    case clockAccepted = "clock-accepted"
    /// A person made a ledger of another machine this machine's own.
    case ledgerAdopted = "ledger-adopted"
    /// A copy of the ledger was given away.
    case backedUp = "backed-up"
    /// What was kept for long enough was removed.
    case pruned
    case zonesChanged = "zones-changed"
    case daemonStarted = "daemon-started"
    case daemonStopped = "daemon-stopped"
    case configurationLoaded = "configuration-loaded"
}

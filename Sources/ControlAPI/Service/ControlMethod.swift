/// The methods of `org.campaignd`; the raw value is the name on the wire.
enum ControlMethod: String, CaseIterable {
    case list = "List"
    case count = "Count"
    case show = "Show"
    case preview = "Preview"
    case diff = "Diff"
    case next = "Next"
    case check = "Check"
    case simulate = "Simulate"
    case complete = "Complete"
    case create = "Create"
    case apply = "Apply"
    case activate = "Activate"
    case unschedule = "Unschedule"
    case modify = "Modify"
    case discard = "Discard"
    case stop = "Stop"
    case pause = "Pause"
    case resume = "Resume"
    case duplicate = "Duplicate"
    case archive = "Archive"
    case unarchive = "Unarchive"
    case delete = "Delete"
    case tag = "Tag"
    case trigger = "Trigger"
    case sendNow = "SendNow"
    case sendProof = "SendProof"
    case retry = "Retry"
    case cancel = "Cancel"
    case acknowledge = "Acknowledge"
    case sends = "Sends"
    case recipients = "Recipients"
    case suppress = "Suppress"
    case unsuppress = "Unsuppress"
    case suppressed = "Suppressed"
    case log = "Log"
    case alerts = "Alerts"
    case beginMessage = "BeginMessage"
    case putMessagePart = "PutMessagePart"
    case commitMessage = "CommitMessage"
    case publishMessage = "PublishMessage"
    case listMessages = "ListMessages"
    case showMessage = "ShowMessage"
    case previewMessage = "PreviewMessage"
    case listSurfaces = "ListSurfaces"
    case testSurface = "TestSurface"
    case listAudiences = "ListAudiences"
    case countAudience = "CountAudience"
    case sampleAudience = "SampleAudience"
    case status = "Status"
    case backup = "Backup"
    case acceptClock = "AcceptClock"
    case adoptLedger = "AdoptLedger"
    case metrics = "Metrics"

    /// What the caller must be.
    var needs: Role {
        switch self {
        case .list, .count, .show, .diff, .preview, .next, .check, .simulate, .complete, .sends, .log, .alerts,
            .listMessages, .showMessage, .listSurfaces, .listAudiences, .countAudience, .status, .metrics:
            .viewer
        case .create, .apply, .activate, .unschedule, .modify, .discard, .stop, .pause, .resume, .duplicate, .archive,
            .unarchive, .delete, .tag, .trigger, .sendNow, .sendProof, .retry, .cancel, .acknowledge, .beginMessage,
            .putMessagePart, .commitMessage, .publishMessage, .testSurface, .backup, .acceptClock, .adoptLedger:
            .operator
        // Recipients are personal data.
        case .sampleAudience, .recipients, .previewMessage, .suppress, .unsuppress, .suppressed: .operator
        }
    }
}

extension Figures {
    /// The pairs that DESIGN's table and the promises are about: each has to have come up in a long run.
    static let expectedPairs: [String] = [
        "new": "created",
        "draft": "changed tagged tested deleted alert-raised alert-cleared to-scheduled to-activating",
        "scheduled": """
            changed modified discarded replaced paused resumed tagged tested zones-changed alert-raised alert-cleared \
            to-activating to-draft to-stopped
            """,
        "activating": "alert-raised alert-cleared to-active to-draft to-stopped",
        "active": """
            changed modified discarded replaced paused resumed tagged tested zones-changed alert-raised alert-cleared \
            claimed started waiting retried ended trigger-planned fenced fence-lifted to-completed to-stopped
            """,
        "stopped": "ended alert-raised alert-cleared tagged to-archived",
        "completed": "started ended alert-raised alert-cleared tagged to-archived",
        "archived": "alert-cleared tagged to-stopped to-completed",
    ].flatMap { status, events in
        events.split(separator: " ").map { "\(status) × \($0.replacing("to-", with: "to "))" }
    }.sorted()
}

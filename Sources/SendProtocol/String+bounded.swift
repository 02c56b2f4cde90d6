internal import CampaignModel

extension String {
    /// The text made safe to show and at most ``ProtocolLimits/textBytes`` long: what a surface or a person says
    /// goes no other way into a record or an answer. A cut is told at its place, with the length of the whole.
    public var cutForDisplay: String { cutForDisplay(ofBytes: utf8.count) }

    /// The same for the beginning of a text that had `ofBytes` bytes as a whole, cut at `limit` bytes, which must
    /// leave room for the mark: 64 at least.
    public func cutForDisplay(ofBytes whole: Int, limit: Int = ProtocolLimits.textBytes) -> String {
        precondition(limit >= 64, "a text is cut at 64 bytes or more, not at \(limit)")
        // Escaping shortens nothing, so that what lies beyond so many characters is never needed.
        let start = unicodeScalars.prefix(limit + 1)
        let shown = String(start).escapedForDisplay
        guard shown.utf8.count > limit || whole > utf8.count else { return shown }
        let mark = "… (\(whole) bytes in all)"
        var kept = ""
        var bytes = mark.utf8.count
        for scalar in shown.unicodeScalars {
            bytes += UTF8.width(scalar)
            if bytes > limit { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept + mark
    }
}

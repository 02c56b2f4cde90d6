/// The names of the zone database: which texts can be one, and which one somebody may have meant.
enum ZoneNames {
    /// Whether a text can be a name: letters, digits, `_`, `+` and `-` in parts that slashes separate. There is
    /// no dot among them, so that no name leads out of the directory or to its tables.
    static func isValid(_ name: String) -> Bool {
        let bytes = name.utf8
        guard !bytes.isEmpty, bytes.count <= ZoneError.nameLimitBytes else { return false }
        let parts = bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                     UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        }
    }

    /// Names farther than this from what was written are no help.
    private static let distanceLimit = 3

    /// The known name that is nearest to what was written, capitals aside, whole or by its last part; nil
    /// where none is near.
    static func nearest(to written: String, among known: [String]) -> String? {
        let wanted = Array(written.lowercased().utf8)
        let limit = min(distanceLimit, wanted.count / 3)
        var best: (distance: Int, name: String)?
        for name in known where isSuggestion(name) {
            let whole = Array(name.lowercased().utf8)
            let lastPart = whole.split(separator: UInt8(ascii: "/")).last.map(Array.init) ?? whole
            var distance = editDistance(wanted, whole, limit: limit)
            // A match by the last part alone is worth less than one of the whole.
            if lastPart == wanted { distance = min(distance, 1) }
            if distance <= max(limit, 1), distance < best?.distance ?? Int.max { best = (distance, name) }
        }
        return best?.name
    }

    /// The directory also holds tables, copies of the database and settings.
    private static func isSuggestion(_ name: String) -> Bool {
        isValid(name) && !name.hasPrefix("posix") && !name.hasPrefix("right/")
            && !["localtime", "leapseconds", "Factory"].contains(name)
    }

    /// The number of letters to change, add or take away; more than `limit` where it is more than that.
    private static func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
        guard abs(left.count - right.count) <= limit else { return limit + 1 }
        var row = Array(0...right.count)
        for (i, letter) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, other) in right.enumerated() {
                let changed = diagonal + (letter == other ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, min(row[j], row[j + 1]) + 1)
            }
        }
        return row[right.count]
    }
}

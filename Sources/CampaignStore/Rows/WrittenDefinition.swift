import CampaignModel

/// Reads a definition in the very form in which ``VersionRow`` writes it: keys in order, texts without an escape, no
/// white space. A list reads as many as there are campaigns, and Foundation's decoder takes ten times as long for one.
///
/// Whatever has another form, however sound it may be, is left to that decoder: what a definition is, it alone decides.
struct WrittenDefinition {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Nil for a text of another form.
    static func read(_ text: String) -> CampaignDefinition? {
        var text = text
        return text.withUTF8 { bytes in
            var reader = WrittenDefinition(bytes: bytes)
            var definition = CampaignDefinition()
            guard reader.members({ $0.take($1, into: &definition) }), reader.position == bytes.count else { return nil }
            return definition
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// - Returns: whether the member is one of a definition, and was read.
    private mutating func take(_ key: String, into definition: inout CampaignDefinition) -> Bool {
        switch key {
        case "audience": take(&definition.audience)
        case "channel": take(&definition.channel)
        case "late_limit": take(&definition.lateLimit)
        case "message": take(&definition.message)
        case "name": take(&definition.name)
        case "on_interrupt": take(&definition.onInterrupt)
        case "overlap": take(&definition.overlap)
        case "retries": take(&definition.retries)
        case "schedule": takeSchedule(&definition.schedule)
        case "surface": take(&definition.surface)
        case "tags": take(&definition.tags)
        case "title": take(&definition.title)
        case "type": take(&definition.type)
        default: false
        }
    }

    private mutating func takeSchedule(_ member: inout ScheduleDefinition?) -> Bool {
        var schedule = ScheduleDefinition()
        guard members({ $0.take($1, into: &schedule) }) else { return false }
        member = schedule
        return true
    }

    private mutating func take(_ key: String, into schedule: inout ScheduleDefinition) -> Bool {
        switch key {
        case "at": take(&schedule.at)
        case "count": take(&schedule.count)
        case "days": take(&schedule.days)
        case "end": take(&schedule.end)
        case "every": take(&schedule.every)
        case "except": take(&schedule.except)
        case "gap": take(&schedule.gap)
        case "month_end": take(&schedule.monthEnd)
        case "rrule": take(&schedule.rrule)
        case "start": take(&schedule.start)
        case "timezone": take(&schedule.timezone)
        default: false
        }
    }

    private mutating func take(_ member: inout String?) -> Bool {
        guard let text = string() else { return false }
        member = text
        return true
    }

    private mutating func take(_ member: inout [String]?) -> Bool {
        guard skip("[") else { return false }
        var texts: [String] = []
        if !skip("]") {
            repeat {
                guard let text = string() else { return false }
                texts.append(text)
            } while skip(",")
            guard skip("]") else { return false }
        }
        member = texts
        return true
    }

    /// An object whose keys come in order, and therefore once each.
    private mutating func members(_ take: (inout WrittenDefinition, String) -> Bool) -> Bool {
        guard skip("{") else { return false }
        if skip("}") { return true }
        var last = ""
        repeat {
            guard let key = string(), last < key, skip(":"), take(&self, key) else { return false }
            last = key
        } while skip(",")
        return skip("}")
    }

    /// A text without an escape; nil where there is none.
    private mutating func string() -> String? {
        guard skip("\"") else { return nil }
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position - 1]), as: UTF8.self)
            case UInt8(ascii: "\\"), 0..<0x20:
                return nil
            default:
                position += 1
            }
        }
        return nil
    }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
        position += 1
        return true
    }
}

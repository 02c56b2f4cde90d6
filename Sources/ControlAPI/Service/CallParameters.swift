internal import CampaignModel
internal import Recurrence
internal import VarlinkKit

/// Reads a call's parameters, whose types the server has held to the interface already, and judges their values.
struct CallParameters {
    private let fields: JSONFields

    init(_ call: VarlinkCall) {
        fields = JSONFields(call.parameters)
    }

    func text(_ name: String) throws(ControlError) -> String? { try take(name, fields.text) }
    func number(_ name: String) throws(ControlError) -> Int? { try take(name, fields.number) }
    func flag(_ name: String) throws(ControlError) -> Bool? { try take(name, fields.flag) }
    func texts(_ name: String) throws(ControlError) -> [String]? { try take(name, fields.texts) }

    func requiredText(_ name: String) throws(ControlError) -> String {
        guard let text = try text(name) else { throw missing(name) }
        return text
    }

    func slug(_ name: String) throws(ControlError) -> Slug? {
        guard let text = try text(name) else { return nil }
        return try judged { () throws(FieldError) in try Slug(text, field: name) }
    }

    func requiredSlug(_ name: String) throws(ControlError) -> Slug {
        guard let slug = try slug(name) else { throw missing(name) }
        return slug
    }

    func slugs(_ name: String, limit: Int) throws(ControlError) -> [Slug] {
        let texts = try texts(name) ?? []
        try hold(name, texts.count, to: limit)
        return try judged { () throws(FieldError) in
            var slugs: [Slug] = []
            for text in texts { slugs.append(try Slug(text, field: name)) }
            return slugs
        }
    }

    func tags(_ name: String) throws(ControlError) -> [Slug] {
        let texts = try texts(name) ?? []
        return try judged { () throws(FieldError) in try Tags.read(texts) }
    }

    /// The words at `name`; nil where there are none.
    func words<Word: RawRepresentable & Hashable>(
        _ name: String, _ type: Word.Type
    ) throws(ControlError) -> Set<Word>? where Word.RawValue == String {
        guard let texts = try texts(name), !texts.isEmpty else { return nil }
        var words: Set<Word> = []
        for text in texts {
            guard let word = Word(rawValue: text) else { throw .invalidField(FieldError(name, text, "is not known")) }
            words.insert(word)
        }
        return words
    }

    func number(_ name: String, in allowed: ClosedRange<Int>) throws(ControlError) -> Int? {
        guard let number = try number(name) else { return nil }
        guard allowed.contains(number) else {
            let range = "\(allowed.lowerBound) to \(allowed.upperBound)"
            throw .invalidField(FieldError(name, "\(number)", "is out of range; allowed is \(range)"))
        }
        return number
    }

    func instant(_ name: String) throws(ControlError) -> Instant? {
        guard let text = try text(name) else { return nil }
        guard let instant = Instant(text) else {
            throw .invalidField(FieldError(name, text, "is not an instant; write 2026-12-07T08:00:00Z"))
        }
        return instant
    }

    /// Which of a campaign's contents `which` and `version` name.
    func versionChoice() throws(ControlError) -> VersionChoice {
        switch (try text("which"), try number("version", in: 1...Int(Int32.max))) {
        case (nil, nil): return .current
        case (nil, let number?): return .number(number)
        case ("live", nil): return .live
        case ("draft", nil): return .draft
        case (let which?, _):
            throw .invalidField(FieldError("which", which, "stands beside version, or is not live or draft"))
        }
    }

    func page() throws(ControlError) -> PageRequest {
        let cursor = try text("cursor")
        if let cursor, cursor.utf8.count > PageRequest.cursorLimitBytes {
            throw .invalidField(FieldError("cursor", cursor, "is none that a page gave"))
        }
        return PageRequest(
            limit: try number("limit", in: PageRequest.allowedLimits) ?? PageRequest.defaultLimit, cursor: cursor)
    }

    func change(by actor: EventActor) throws(ControlError) -> Change {
        let reason = try text("reason").flatMap { $0.isEmpty ? nil : $0 }
        if let reason, reason.count > Change.reasonLimit || reason.utf8.count > Change.reasonLimit * 16 {
            let why = "has \(reason.count) characters; \(Change.reasonLimit) at most are allowed"
            throw .invalidField(FieldError("reason", reason, why))
        }
        return Change(
            actor: actor, revision: try number("revision"), reason: reason, isDryRun: try flag("dry_run") ?? false)
    }

    func definition() throws(ControlError) -> CampaignDefinition {
        do {
            return try fields.view("campaign", CampaignDefinition.init(json:))
        } catch {
            throw invalid(error)
        }
    }

    /// The definitions at `name`, none where there are none.
    func definitions(_ name: String, limit: Int) throws(ControlError) -> [CampaignDefinition] {
        guard let values = fields.members[name]?.arrayValue else { return [] }
        try hold(name, values.count, to: limit)
        do {
            return try fields.views(name, CampaignDefinition.init(json:))
        } catch {
            throw invalid(error)
        }
    }

    /// Those at `name`, at least one.
    func suppressions(_ name: String) throws(ControlError) -> [Suppression] {
        guard let values = fields.members[name]?.arrayValue, !values.isEmpty else { throw missing(name) }
        try hold(name, values.count, to: Suppression.orderLimit)
        do {
            return try fields.views(name, Suppression.init(json:))
        } catch {
            throw invalid(error)
        }
    }

    /// The addresses at `name`; none where there are none.
    func addresses(_ name: String) throws(ControlError) -> [String] {
        let addresses = try texts(name) ?? []
        try hold(name, addresses.count, to: Suppression.orderLimit)
        return addresses
    }

    private func hold(_ name: String, _ count: Int, to limit: Int) throws(ControlError) {
        guard count > limit else { return }
        throw .invalidField(FieldError(name, "\(count)", "are too many; \(limit) at most are allowed"))
    }

    func headers() throws(ControlError) -> [MessageHeader] {
        guard fields.members["headers"]?.arrayValue != nil else { return [] }
        do {
            return try fields.views("headers", MessageHeader.init(json:))
        } catch {
            throw invalid(error)
        }
    }

    private func take<Value>(
        _ name: String, _ read: (String) throws(ViewError) -> Value?
    ) throws(ControlError) -> Value? {
        do {
            return try read(name)
        } catch {
            throw invalid(error)
        }
    }

    func judged<Value>(_ judge: () throws(FieldError) -> Value) throws(ControlError) -> Value {
        do {
            return try judge()
        } catch {
            throw .invalidField(error)
        }
    }

    private func invalid(_ error: ViewError) -> ControlError {
        .invalidField(FieldError(error.member, nil, "must be \(error.expected)"))
    }

    func missing(_ name: String) -> ControlError {
        .invalidField(FieldError(name, nil, "is missing"))
    }
}

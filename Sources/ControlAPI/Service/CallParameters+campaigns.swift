internal import CampaignModel
internal import VarlinkKit

/// The parameters that stand for values of the model.
extension CallParameters {
    /// Which campaigns `List` and `Count` are to look at.
    func campaignQuery() throws(ControlError) -> CampaignQuery {
        var query = CampaignQuery(
            isTriggered: try text("type").map { $0 == CampaignKind.triggered.rawValue },
            channel: try slug("channel"), tags: try tags("tags"), isRecurring: try flag("recurring"),
            search: try text("search"))
        if let statuses = try words("statuses", Status.self) {
            query.statuses = statuses
        } else if try flag("all") == true {
            query.statuses = nil
        }
        if let search = query.search,
            search.count > CampaignQuery.searchLimit || search.utf8.count > CampaignQuery.searchLimit * 16
        {
            let why = "is too long; \(CampaignQuery.searchLimit) characters at most are allowed"
            throw .invalidField(FieldError("search", search, why))
        }
        if let sort = try text("sort") { query.sort = CampaignSort(rawValue: sort) ?? .name }
        return query
    }

    /// A send's key; nil where there is none.
    func occurrenceKey(_ name: String) throws(ControlError) -> OccurrenceKey? {
        guard let text = try text(name) else { return nil }
        guard let key = OccurrenceKey(text) else {
            let limit = OccurrenceKey.maximumLength
            throw .invalidField(
                FieldError(name, text, "is not a key; keys are 1 to \(limit) ASCII characters without spaces"))
        }
        return key
    }

    func requiredOccurrenceKey(_ name: String) throws(ControlError) -> OccurrenceKey {
        guard let key = try occurrenceKey(name) else { throw missing(name) }
        return key
    }

    /// Where a test goes; nil where it goes to nobody.
    func address(_ name: String) throws(ControlError) -> ProofAddress? {
        guard let text = try text(name) else { return nil }
        return try judged { () throws(FieldError) in try ProofAddress(text, field: name) }
    }

    func requiredAddress(_ name: String) throws(ControlError) -> ProofAddress {
        guard let address = try address(name) else { throw missing(name) }
        return address
    }

    func requestID(_ name: String) throws(ControlError) -> RequestID {
        let text = try requiredText(name)
        return try judged { () throws(FieldError) in try RequestID(text, field: name) }
    }

    /// A time in the campaign's zone or an instant, at `at`; nil where there is none.
    func askedTime(_ name: String) throws(ControlError) -> AskedTime? {
        guard let text = try text(name) else { return nil }
        return try judged { () throws(FieldError) in try AskedTime(text) }
    }

    /// JSON text as given, which a surface can read; nil where there is none. Errors don't show it: it may be about a
    /// person.
    func jsonText(_ name: String) throws(ControlError) -> String? {
        guard let text = try text(name) else { return nil }
        let limit = SendOrder.dataLimitBytes
        guard text.utf8.count <= limit else {
            throw .invalidField(
                FieldError(name, nil, "has \(text.utf8.count) bytes; \(limit) at most are allowed"))
        }
        do {
            _ = try JSONValue(parsing: text)
        } catch {
            throw .invalidField(FieldError(name, nil, "is not JSON: \(error)"))
        }
        return text
    }
}

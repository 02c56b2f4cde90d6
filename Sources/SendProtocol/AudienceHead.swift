internal import CampaignModel

/// What an answer to `count` or `sample` says of the audience:
///
///     {"count":1200,"result":"counted"}
///     {"recipients":[[{"name":"email","value":"ann@example.org"}]],"result":"recipients"}
///     {"result":"surface"}                    the audience is a reference; its surface alone knows
///     {"reason":"…","result":"failed"}
struct AudienceHead: Codable {
    private enum Result: String, Codable {
        case counted, recipients, surface, failed
    }

    private enum CodingKeys: String, CodingKey {
        case result, recipients, reason
        case total = "count"
    }

    private let result: Result
    private var total: Int?
    private var recipients: [[Recipient.Column]]?
    private var reason: String?

    init(_ count: AudienceCount) {
        switch count {
        case .counted(let number):
            result = .counted
            total = number
        case .onlyTheSurfaceKnows:
            result = .surface
        case .failed(let text):
            result = .failed
            reason = text
        }
    }

    init(_ sample: AudienceSample) {
        switch sample {
        case .recipients(let list):
            result = .recipients
            recipients = list.map(\.columns)
        case .onlyTheSurfaceKnows:
            result = .surface
        case .failed(let text):
            result = .failed
            reason = text
        }
    }

    /// Nil where it is none: a value is missing or impossible.
    var count: AudienceCount? {
        switch result {
        case .counted: total.flatMap { $0 >= 0 ? .counted($0) : nil }
        case .surface: .onlyTheSurfaceKnows
        case .failed: reason.map(AudienceCount.failed)
        case .recipients: nil
        }
    }

    /// Nil where it is none.
    var sample: AudienceSample? {
        switch result {
        case .recipients:
            recipients.flatMap { list in
                guard list.count <= AudienceSample.allowedLimits.upperBound else { return nil }
                return .recipients(list.map(Recipient.init(columns:)))
            }
        case .surface: .onlyTheSurfaceKnows
        case .failed: reason.map(AudienceSample.failed)
        case .counted: nil
        }
    }
}

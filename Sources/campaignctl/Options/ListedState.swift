import ArgumentParser
import CampaignModel

/// What `sends --state` takes: a state of sends or, with `--recipients`, of recipients. No word is both.
enum ListedState: Hashable, ExpressibleByArgument {
    case send(SendState)
    case recipient(RecipientState)

    init?(argument: String) {
        if let state = SendState(rawValue: argument) {
            self = .send(state)
        } else if let state = RecipientState(rawValue: argument) {
            self = .recipient(state)
        } else {
            return nil
        }
    }

    static var allValueStrings: [String] {
        SendState.allCases.map(\.rawValue) + RecipientState.allCases.map(\.rawValue)
    }

    var word: String {
        switch self {
        case .send(let state): state.rawValue
        case .recipient(let state): state.rawValue
        }
    }

    var ofSend: SendState? { if case .send(let state) = self { state } else { nil } }
    var ofRecipient: RecipientState? { if case .recipient(let state) = self { state } else { nil } }
}

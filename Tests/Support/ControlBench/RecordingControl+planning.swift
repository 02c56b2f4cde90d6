import CampaignModel
import ControlAPI
import Recurrence

/// What is to come, and what has a name.
extension RecordingControl {
    func next(_ query: NextQuery) async throws(ControlError) -> NextView {
        try await answered(.next(query), "next") { state in
            let found = state.planned.filter { $0.occurrence.instant <= query.until ?? .latest }
            return NextView(occurrences: Array(found.prefix(query.limit)), isExhausted: found.count <= query.limit)
        }
    }

    func simulate(_ query: SimulationQuery) async throws(ControlError) -> SimulationView {
        try await answered(.simulate(query), "simulate") { state in
            state.simulation
                ?? SimulationView(until: query.until, isComplete: true, events: [], clashes: [], alerts: [])
        }
    }

    func names(of kind: NamedKind, prefix: String, limit: Int) async throws(ControlError) -> [String] {
        try await answered(.names(kind, prefix, limit), "names") { state in
            let all: [String] =
                switch kind {
                case .campaign: Array(state.campaigns.keys)
                case .tag: state.campaigns.values.flatMap(\.tags)
                case .message: state.messages.map(\.name)
                case .surface: state.surfaces.map(\.name)
                case .audience: state.audiences.keys.map(\.text)
                }
            return Array(Set(all).filter { $0.hasPrefix(prefix) }.sorted().prefix(limit))
        }
    }
}

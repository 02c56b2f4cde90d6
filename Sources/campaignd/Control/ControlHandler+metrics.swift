import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI

extension ControlHandler {
    func metrics() async throws(ControlError) -> [MetricFamily] {
        let overview = await engine.overview()
        let rules = engine.currentRules
        return try looking { () throws(StoreError) in
            DaemonMetrics(
                startedAt: startedAt, overview: overview, rules: rules, configuration: configuration.view,
                campaigns: try store.countsByStatus(), alerts: try store.alertCounts(), nextDue: try store.nextDue(),
                newestSequence: try store.newestSequence(), ledgerBytes: store.sizeInBytes,
                freeBytes: (try? store.freeBytes()) ?? nil
            ).families
        }
    }
}

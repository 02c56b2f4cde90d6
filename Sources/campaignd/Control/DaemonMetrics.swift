import CampaignEngine
import CampaignModel
import CampaignStore
import ControlAPI
import Recurrence

/// The daemon in numbers, for a monitor. All that have a label are told with each of its words, so that a series does
/// not begin with the first time.
struct DaemonMetrics {
    let startedAt: Instant
    let overview: Engine.Overview
    let rules: Rules
    let configuration: ConfigurationView
    let campaigns: [Status: Int]
    let alerts: [AlertKind: Int]
    let nextDue: Instant?
    /// Of the history's newest event.
    let newestSequence: Int64
    let ledgerBytes: Int64?
    let freeBytes: Int64?

    var families: [MetricFamily] { daemon + sends + lateness + ticks + history }

    private var daemon: [MetricFamily] {
        [
            MetricFamily(
                "campaignd_build", .info, help: "Which release of campaignd runs.",
                samples: [MetricSample("campaignd_build_info", [MetricLabel("version", Release.version)], 1)]),
            instant("campaignd_start_time_seconds", startedAt, help: "When the daemon started, in Unix time."),
            instant(
                "campaignd_configuration_read_timestamp_seconds", configuration.readAt,
                help: "When the configuration in force was read, in Unix time."),
            gauge(
                "campaignd_configuration_refused", configuration.refused == nil ? 0 : 1,
                help: "Whether a newer configuration was refused (1), so that the one in force stays."),
            MetricFamily(
                "campaignd_campaigns", .gauge, help: "Campaigns by status.",
                samples: Status.allCases.map { status in
                    MetricSample(
                        "campaignd_campaigns", [MetricLabel("status", status.rawValue)],
                        Double(campaigns[status] ?? 0))
                }),
            MetricFamily(
                "campaignd_alerts", .gauge, help: "Alerts of the daemon and of campaigns, by code and severity.",
                samples: alertKinds.map { kind in
                    MetricSample(
                        "campaignd_alerts",
                        [MetricLabel("code", kind.code.rawValue), MetricLabel("severity", kind.severity.rawValue)],
                        Double(alerts[kind] ?? 0))
                }),
        ]
    }

    /// Each code with its own severity, and with another one where it has it now.
    private var alertKinds: [AlertKind] {
        let own = AlertCode.allCases.map { AlertKind(code: $0, severity: $0.severity) }
        let others = alerts.keys.filter { $0.severity != $0.code.severity }
        return own + others.sorted { $0.code.rawValue < $1.code.rawValue }
    }

    private var sends: [MetricFamily] {
        let open = Dictionary(grouping: overview.openSends.filter { !$0.isToCome }, by: \.state)
        return [
            MetricFamily(
                "campaignd_sends_open", .gauge,
                help: "Sends whose time has come and that have not ended, by state.",
                samples: StatusView.openStates.map { state in
                    MetricSample(
                        "campaignd_sends_open", [MetricLabel("state", state.rawValue)],
                        Double(open[state]?.count ?? 0))
                }),
            gauge(
                "campaignd_triggers_pending", overview.openSends.count(where: \.isToCome),
                help: "Triggers whose time has not come."),
            gauge(
                "campaignd_sends_under_way", overview.sendsUnderWay,
                help: "Sends that were handed over or run: they take a place."),
            gauge(
                "campaignd_sends_under_way_limit", rules.settings.maxConcurrent,
                help: "How many sends may be under way (max_concurrent)."),
            MetricFamily(
                "campaignd_sends_ended", .counter, help: "Occurrences that ended since the daemon's start, by outcome.",
                samples: SendState.allCases.filter(\.isFinal).map { state in
                    MetricSample(
                        "campaignd_sends_ended_total", [MetricLabel("outcome", state.rawValue)],
                        Double(overview.figures.ended[state] ?? 0))
                }),
            instant(
                "campaignd_next_due_timestamp_seconds", nextDue,
                help: "When the next occurrence of any campaign is due, in Unix time; absent where none is."),
        ]
    }

    private var lateness: [MetricFamily] {
        let name = "campaignd_lateness_seconds"
        let steps = [("claim", overview.figures.claimLateness), ("hand-over", overview.figures.handOverLateness)]
        return [
            MetricFamily(
                name, .histogram, unit: "seconds",
                help: "From when a send is due to its claim, and to its first hand-over to the sender.",
                samples: steps.flatMap { step, histogram in
                    Self.samples(name, [MetricLabel("step", step)], histogram)
                })
        ]
    }

    private var ticks: [MetricFamily] {
        let figures = overview.figures
        let duration = "campaignd_tick_duration_seconds"
        return [
            MetricFamily(
                duration, .histogram, unit: "seconds", help: "What each turn of the scheduler took.",
                samples: Self.samples(duration, [], figures.tickDuration)),
            counter("campaignd_ticks", figures.tickDuration.count, help: "Turns of the scheduler."),
            counter(
                "campaignd_tick_failures", figures.failedTicks,
                help: "Turns of the scheduler that met a fault; what they did not do is done by later ones."),
            instant(
                "campaignd_last_tick_timestamp_seconds", overview.lastTickAt,
                help: "When the scheduler last looked and might have sent, in Unix time; absent until it has."),
        ]
    }

    private var history: [MetricFamily] {
        var families = [
            counter(
                "campaignd_events_delivered", overview.figures.deliveredEvents,
                help: "Events of the history that went to the journal.")
        ]
        if let delivered = overview.deliveredSequence {
            families.append(
                gauge(
                    "campaignd_events_undelivered", Int(max(newestSequence - delivered, 0)),
                    help: "Events of the history that the journal has not taken yet."))
        }
        if let ledgerBytes {
            families.append(
                gauge(
                    "campaignd_ledger_size_bytes", Int(ledgerBytes), unit: "bytes",
                    help: "Size of the ledger with its write-ahead log."))
        }
        if let freeBytes {
            families.append(
                gauge(
                    "campaignd_ledger_free_bytes", Int(freeBytes), unit: "bytes",
                    help: "Room that is left in the ledger's file system."))
        }
        return families
    }

    // MARK: Forms

    private func counter(_ name: String, _ value: Int, help: String) -> MetricFamily {
        MetricFamily(name, .counter, help: help, samples: [MetricSample(name + "_total", [], Double(value))])
    }

    private func gauge(_ name: String, _ value: Int, unit: String? = nil, help: String) -> MetricFamily {
        MetricFamily(name, .gauge, unit: unit, help: help, samples: [MetricSample(name, [], Double(value))])
    }

    private func instant(_ name: String, _ instant: Instant?, help: String) -> MetricFamily {
        let samples = instant.map { [MetricSample(name, [], Double($0.secondsSinceEpoch))] } ?? []
        return MetricFamily(name, .gauge, unit: "seconds", help: help, samples: samples)
    }

    private static func samples(
        _ name: String, _ labels: [MetricLabel], _ histogram: DurationHistogram
    ) -> [MetricSample] {
        let buckets = histogram.cumulative.map { bound, count in
            MetricSample("\(name)_bucket", labels + [MetricLabel("le", "\(bound.inSeconds)")], Double(count))
        }
        return buckets + [
            MetricSample("\(name)_bucket", labels + [MetricLabel("le", "+Inf")], Double(histogram.count)),
            MetricSample("\(name)_sum", labels, histogram.sum.inSeconds),
            MetricSample("\(name)_count", labels, Double(histogram.count)),
        ]
    }
}

extension Duration {
    fileprivate var inSeconds: Double { self / .seconds(1) }
}

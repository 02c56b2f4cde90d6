import ControlAPI

extension RecordingControl {
    func metrics() async throws(ControlError) -> [MetricFamily] {
        try await answered(.metrics, "metrics") { _ in Sample.metrics }
    }
}

extension Sample {
    /// One family of each kind.
    static let metrics = [
        MetricFamily(
            "campaignd_build", .info, help: "Which release of campaignd runs.",
            samples: [MetricSample("campaignd_build_info", [MetricLabel("version", "1.2.3")], 1)]),
        MetricFamily(
            "campaignd_sends_ended", .counter, help: "Said \"so\" by a \\, and\nby two lines.",
            samples: [
                MetricSample("campaignd_sends_ended_total", [MetricLabel("outcome", "sent")], 12),
                MetricSample("campaignd_sends_ended_total", [MetricLabel("outcome", "a \"b\" \\ c\nd")], 0),
            ]),
        MetricFamily(
            "campaignd_next_due_timestamp_seconds", .gauge, unit: "seconds", help: "When it is.", samples: []),
        MetricFamily(
            "campaignd_lateness_seconds", .histogram, unit: "seconds", help: "How late.",
            samples: [
                MetricSample(
                    "campaignd_lateness_seconds_bucket", [MetricLabel("step", "claim"), MetricLabel("le", "0.01")], 3),
                MetricSample(
                    "campaignd_lateness_seconds_bucket", [MetricLabel("step", "claim"), MetricLabel("le", "+Inf")], 4),
                MetricSample("campaignd_lateness_seconds_sum", [MetricLabel("step", "claim")], 1.25),
                MetricSample("campaignd_lateness_seconds_count", [MetricLabel("step", "claim")], 4),
            ]),
    ]
}

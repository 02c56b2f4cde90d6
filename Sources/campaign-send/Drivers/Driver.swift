import CampaignModel

/// One way of delivering. It is asked once, after `accepted` was told, and knows nothing of records and locks.
protocol Driver {
    /// Delivers and returns how it ended, when nothing of it runs any more.
    ///
    /// It ends soon after ``StopWatch/look()`` has a reason, with that reason's outcome, and hands progress and
    /// output on as they come.
    func run(_ send: RunningSend) -> AttemptOutcome
}

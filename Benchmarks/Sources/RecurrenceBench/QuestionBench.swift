import Recurrence

/// The cost of one `next(after:)`, asked about random instants.
struct QuestionBench {
    let question: BenchCases.Question
    private let series: Series
    private let libical: LibicalSide?
    private let questions: [Instant]
    private(set) var ours: [Double] = []
    private var shortcuts: [Double] = []
    private var shortcutsWrong = 0
    private var libicalWalks: [Answer] = []
    private var dateutilWalks: [Answer] = []
    private(set) var difference: String?

    init(_ question: BenchCases.Question) {
        self.question = question
        series = OurSide.series(question.rule, question.start)
        libical = LibicalSide(question.rule, question.start)
        questions = OurSide.questions(question, count: BenchCases.questionsInRound)
    }

    mutating func round(_ dateutil: DateutilSide, number: Int) throws {
        measureOurs()
        measureShortcut()
        // One question a round; a walk that was cut off once is not tried again.
        let asked = questions[number]
        if let libical, libicalWalks.last?.isCutOff != true {
            let answer = libical.next(after: asked, byShortcut: false)
            compare(answer, asked, "libical")
            libicalWalks.append(answer)
        }
        if dateutilWalks.last?.isCutOff != true {
            let answer = try dateutil.next(question.rule, question.start, after: asked.secondsSinceEpoch)
            compare(answer, asked, "dateutil")
            dateutilWalks.append(answer)
        }
    }

    private mutating func measureOurs() {
        let begin = processorNanoseconds()
        let sum = OurSide.ask(series, questions)
        let taken = processorNanoseconds() - begin
        precondition(sum != 0, "every question has an answer")
        ours.append(Double(taken) / Double(questions.count))
    }

    private mutating func measureShortcut() {
        guard let libical else { return }
        let asked = questions.prefix(BenchCases.shortcutQuestions)
        let answers = asked.map { libical.next(after: $0, byShortcut: true) }
        shortcutsWrong = zip(asked, answers).count { $1.instant != series.next(after: $0)?.instant.secondsSinceEpoch }
        shortcuts.append(Double(answers.reduce(0) { $0 + $1.nanoseconds }) / Double(asked.count))
    }

    private mutating func compare(_ answer: Answer, _ asked: Instant, _ name: String) {
        let ours = series.next(after: asked)?.instant
        guard !answer.isCutOff, answer.instant != ours?.secondsSinceEpoch, difference == nil else { return }
        difference = "\(name) answers \(answer.instant.map { "\(Instant(secondsSinceEpoch: $0))" } ?? "nothing") "
            + "after \(asked), ours \(ours.map { "\($0)" } ?? "nothing")"
    }

    var isBelowGoal: Bool { Figures(ours).median >= BenchCases.questionGoalNanoseconds }

    static let head = ["question", "ours", "libical, walking", "libical, set_start", "wrong", "dateutil"]

    var row: [String] {
        let time = Format.time(nanoseconds:)
        func walks(_ answers: [Answer]) -> String {
            guard let last = answers.last else { return "–" }
            if last.isCutOff { return "cut off at \(BenchCases.walkLimitSeconds) s" }
            return time(Figures(answers.map { Double($0.nanoseconds) }).median)
        }
        let isAsked = !shortcuts.isEmpty
        return [
            question.title, Figures(ours).text(time), walks(libicalWalks),
            isAsked ? time(Figures(shortcuts).median) : "–",
            isAsked ? "\(shortcutsWrong) of \(BenchCases.shortcutQuestions)" : "–", walks(dateutilWalks),
        ]
    }

    var json: [String: Any] {
        func walks(_ answers: [Answer]) -> [String: Any] {
            ["nanoseconds": Figures(answers.map { Double($0.nanoseconds) }).json,
             "cut_off": answers.last?.isCutOff ?? false]
        }
        var object: [String: Any] = [
            "kind": "next", "rule": question.rule, "start": question.start, "from": question.from, "to": question.to,
            "zone": BenchCases.zone, "questions": questions.count, "ours_nanoseconds": Figures(ours).json,
        ]
        if !libicalWalks.isEmpty { object["libical_walk"] = walks(libicalWalks) }
        if !dateutilWalks.isEmpty { object["dateutil_walk"] = walks(dateutilWalks) }
        if !shortcuts.isEmpty {
            object["libical_set_start"] = [
                "nanoseconds": Figures(shortcuts).json, "wrong": shortcutsWrong,
                "asked": BenchCases.shortcutQuestions,
            ] as [String: Any]
        }
        object["difference"] = difference
        return object
    }
}

import ArgumentParser

struct SurfaceVerbs: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "surface", abstract: "Lists and tests the ways of delivering that the administrator set up.",
        discussion: "Example: campaignctl surface list", subcommands: [SurfaceList.self, SurfaceTest.self])
}

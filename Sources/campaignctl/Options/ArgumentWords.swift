public import ArgumentParser
public import CampaignModel
public import ControlAPI

// Words of the model that options take; help and errors name all of them.
extension Status: ExpressibleByArgument {}
extension SendState: ExpressibleByArgument {}
extension CampaignSort: ExpressibleByArgument {}

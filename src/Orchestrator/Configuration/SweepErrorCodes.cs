namespace Orchestrator.Configuration;

/// <summary>
/// The codes of what can be wrong with a sweep file; <c>docs/errors.md</c> has a line for each. A code never changes its meaning.
/// </summary>
internal static class SweepErrorCodes
{
    public const string Unreadable = "SWP001";
    public const string Syntax = "SWP002";
    public const string UnsupportedYaml = "SWP003";
    public const string TooLarge = "SWP004";
    public const string BadSet = "SWP005";
    public const string UnknownKey = "SWP010";
    public const string DuplicateKey = "SWP011";
    public const string WrongKind = "SWP012";
    public const string MissingKey = "SWP013";
    public const string UnknownValue = "SWP014";
    public const string OutOfRange = "SWP015";
    public const string Contradiction = "SWP016";
    public const string BadDuration = "SWP017";
    public const string DuplicateItem = "SWP018";
    public const string BadSize = "SWP019";
    public const string NothingToRun = "SWP020";
    public const string UnknownTrainable = "SWP021";
    public const string UndeclaredParameter = "SWP022";
    public const string UndeclaredMetric = "SWP023";
    public const string NoMetric = "SWP024";
    public const string Endless = "SWP025";
    public const string UnknownTracker = "SWP026";
    public const string BadTrackerOption = "SWP027";
    public const string NoProcess = "SWP028";
    public const string UnknownPlaceholder = "SWP029";
    public const string NoProgram = "SWP031";
    public const string MissingRequirement = "SWP032";
    public const string NotReproducible = "SWP033";
    public const string HiddenPlaceholder = "SWP036";
    public const string ForShellsOnly = "SWP035";
    public const string IntegerUnitRange = "SWP030";
    public const string BadPattern = "SWP034";
    public const string UnknownPool = "SWP045";
    public const string NoPoolHolds = "SWP046";
    public const string NotBuilt = "SWP090";
}

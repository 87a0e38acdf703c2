namespace Orchestrator.Configuration;
internal static class SweepIdentity { public static string Of(SweepDefinition d, string? n) => "0000000000000000"; }

namespace Orchestrator.Cli.Scheduling;

/// <summary>What the command line says of a schedule beside its file.</summary>
internal sealed record ScheduleTerms(string? Cron, string? Name, string? TimeZone, int Priority, int? Workers, bool Json);

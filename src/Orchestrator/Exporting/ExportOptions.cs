namespace Orchestrator;

/// <summary>How an export is written.</summary>
public enum ExportFormat
{
    /// <summary>CSV as RFC 4180 has it, with a header.</summary>
    Csv,

    /// <summary>One JSON object a line.</summary>
    Jsonl,
}

/// <summary>What is exported.</summary>
public enum ExportContent
{
    /// <summary>A line for each run: <c>run_id, run_name, state, ..., param_*, metric_*, tag_*</c>.</summary>
    Runs,

    /// <summary>A line for each reported value: <c>run_id, run_name, metric, step, value, time</c>, by run and in the order reported.</summary>
    Metrics,

    /// <summary>
    /// A line for each assignment: <c>assignment, runs, failed, pruned, objective_mean, objective_std, param_*, metric_*_mean, metric_*_std</c>, over the
    /// runs that completed.
    /// </summary>
    Assignments,
}

/// <summary>What is exported, and how.</summary>
public sealed class ExportOptions
{
    /// <summary>Runs, all that they reported, or their assignments. Default: runs.</summary>
    public ExportContent Content { get; set; }

    /// <summary>The format. Default: what the file's name says (<c>.jsonl</c>), else CSV.</summary>
    public ExportFormat? Format { get; set; }

    /// <summary>Only runs for which this is true, as in <c>state == "completed" and attributes.owner == "me"</c>; see docs/filters.md. Default: all.</summary>
    public string? Where { get; set; }
}

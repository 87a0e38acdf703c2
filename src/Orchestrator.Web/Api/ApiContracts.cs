using System.Text.Json.Serialization;

namespace Orchestrator.Web.Api;

/// <summary>A sweep to execute.</summary>
/// <param name="File">The sweep file's path where it was submitted; its name decides between JSON and YAML.</param>
/// <param name="Content">What stands in it.</param>
/// <param name="Set">Changes to it, as <c>path=value</c>.</param>
/// <param name="Priority">A sweep of higher priority takes free workers first.</param>
/// <param name="Workers">How many of its runs are executed at once.</param>
internal sealed record SubmitRequest(string File, string Content, IReadOnlyList<string>? Set = null, int Priority = 0, int? Workers = null);

/// <summary>What became of a request.</summary>
internal sealed record ApiAnswer
{
    public int Version { get; init; } = 1;

    public ApiSweep? Sweep { get; init; }

    /// <summary>What the caller should know of it, a line each.</summary>
    public IReadOnlyList<string>? Notes { get; init; }

    public ApiError? Error { get; init; }
}

/// <summary>A sweep that was accepted.</summary>
internal sealed record ApiSweep(string Id, string Name, string State, long? PlannedRuns);

/// <summary>Why a request was refused.</summary>
internal sealed record ApiError(string Code, string Message)
{
    /// <summary>The mistakes of a sweep file.</summary>
    public IReadOnlyList<ApiProblem>? Problems { get; init; }
}

/// <summary>A mistake in a sweep file, in its place.</summary>
internal sealed record ApiProblem(string File, int Line, int Column, string Code, string Path, string Message, bool IsWarning)
{
    public static ApiProblem Of(LocatedProblem problem) => new(
        problem.File, problem.Line, problem.Column, problem.Problem.Code, problem.Problem.Path, problem.Problem.Message, problem.Problem.Severity == ProblemSeverity.Warning);

    public LocatedProblem ToLocated() =>
        new(File, Line, Column, new DefinitionProblem(Code, Path, Message, IsWarning ? ProblemSeverity.Warning : ProblemSeverity.Error));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SubmitRequest))]
[JsonSerializable(typeof(ApiAnswer))]
internal sealed partial class ApiJson : JsonSerializerContext;

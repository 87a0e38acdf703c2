using System.Text.Json;
using Orchestrator.Cli.Rendering;

namespace Orchestrator.Cli.Json;

/// <summary>Errors and the problems of a sweep file in JSON.</summary>
internal static class ErrorJson
{
    public static void Write(Utf8JsonWriter writer, string code, string message, int exitCode, IReadOnlyList<LocatedProblem> problems)
    {
        writer.WriteStartObject("error");
        writer.WriteString("code", code);
        writer.WriteString("message", message);
        writer.WriteNumber("exitCode", exitCode);
        if (problems.Count > 0)
            Problems(writer, problems);
        writer.WriteEndObject();
    }

    public static void Problems(Utf8JsonWriter writer, IReadOnlyList<LocatedProblem> problems)
    {
        writer.WriteStartArray("problems");
        foreach (var problem in problems)
        {
            writer.WriteStartObject();
            writer.WriteString("file", problem.File);
            writer.WriteNumber("line", problem.Line);
            writer.WriteNumber("column", problem.Column);
            writer.WriteString("code", problem.Problem.Code);
            writer.WriteString("severity", Human.Word(problem.Problem.Severity));
            writer.WriteString("message", problem.Problem.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
